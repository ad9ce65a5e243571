//! Files the server gives out: the tracker and the demonstration pages. Read once.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Data},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha384};

use super::state::State;

/// Files in memory, by the path they are asked for with.
#[derive(Default)]
pub struct Assets {
    files: HashMap<String, File>,
}

#[derive(Clone)]
struct File {
    kind: &'static str,
    bytes: web::Bytes,
    /// The same, compressed beforehand: `br` and `gzip`, the smaller first.
    packed: Vec<(&'static str, web::Bytes)>,
    tag: String,
}

/// What a page's `integrity` attribute needs of a script.
pub struct Pinned {
    /// A path that only ever leads to this content.
    pub path: String,
    /// `sha384-…`
    pub integrity: String,
}

impl Assets {
    /// Adds every file below a folder under `prefix`; files that are no web content are left out.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn add_folder(&mut self, prefix: &str, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path: PathBuf = entry?.path();
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            if path.is_dir() {
                self.add_folder(&format!("{prefix}{name}/"), &path)?;
            } else if let Some(kind) = kind_of(&name) {
                let packed =
                    [("br", "br"), ("gz", "gzip")].into_iter().filter_map(|(ending, coding)| {
                        let packed = fs::read(format!("{}.{ending}", path.display())).ok()?;
                        Some((coding, packed.into()))
                    });
                self.add(&format!("{prefix}{name}"), kind, fs::read(&path)?, packed.collect());
            }
        }
        Ok(())
    }

    /// Adds one file.
    fn add(
        &mut self,
        path: &str,
        kind: &'static str,
        bytes: Vec<u8>,
        packed: Vec<(&'static str, web::Bytes)>,
    ) {
        let tag = blake3::hash(&bytes).to_hex();
        let tag = format!("\"{}\"", tag.get(..16).unwrap_or_default());
        self.files.insert(path.to_owned(), File { kind, bytes: bytes.into(), packed, tag });
    }

    /// Gives a file a second name.
    pub fn alias(&mut self, from: &str, to: &str) {
        if let Some(file) = self.files.get(from).cloned() {
            self.files.insert(to.to_owned(), file);
        }
    }

    /// Gives a script a name that only ever leads to this content, and says how to pin it.
    pub fn pin(&mut self, path: &str) -> Option<Pinned> {
        let file = self.files.get(path)?;
        let name = format!("{}.{}.js", path.strip_suffix(".js")?, file.tag.trim_matches('"'));
        let hash = BASE64_STANDARD.encode(Sha384::digest(&file.bytes));
        self.alias(path, &name);
        Some(Pinned { path: name, integrity: format!("sha384-{hash}") })
    }

    fn answer(&self, path: &str, request: &HttpRequest, site: Option<u32>) -> Option<HttpResponse> {
        let file = self.files.get(path)?;
        let script = file.kind.starts_with("application/javascript");
        // A name with a mark of the content never leads to other content.
        let marked = path.contains(file.tag.trim_matches('"'))
            || (script && !request.query_string().is_empty());
        let kept =
            if marked { "public, max-age=31536000, immutable" } else { "public, max-age=600" };
        let header_text = |name| request.headers().get(name).and_then(|it| it.to_str().ok());
        let accepted = header_text(header::ACCEPT_ENCODING).unwrap_or_default();
        let packed = file.packed.iter().find(|(coding, _)| accepts(accepted, coding));
        let tag = match packed {
            Some((coding, _)) => format!("\"{}-{coding}\"", file.tag.trim_matches('"')),
            None => file.tag.clone(),
        };
        let same = header_text(header::IF_NONE_MATCH).is_some_and(|known| known == tag);
        let mut answer = HttpResponse::Ok();
        if same && site.is_none() {
            answer = HttpResponse::NotModified();
        }
        answer.content_type(file.kind).insert_header((header::CACHE_CONTROL, kept));
        if !file.packed.is_empty() {
            answer.insert_header((header::VARY, "Accept-Encoding"));
        }
        if script {
            // Pages of other origins load the tracker's second file as a module.
            answer.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
        }
        let site = site.filter(|_| file.kind.starts_with("text/html"));
        Some(match (site, std::str::from_utf8(&file.bytes)) {
            (Some(site), Ok(html)) => answer.body(html.replace("{{site}}", &site.to_string())),
            _ if same && site.is_none() => answer.insert_header((header::ETAG, tag)).finish(),
            _ => {
                answer.insert_header((header::ETAG, tag));
                match packed {
                    Some((coding, bytes)) => {
                        answer.insert_header((header::CONTENT_ENCODING, *coding));
                        answer.body(bytes.clone())
                    }
                    None => answer.body(file.bytes.clone()),
                }
            }
        })
    }
}

/// Whether an `Accept-Encoding` names a coding and does not refuse it.
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|it| it.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight != Some(0.0)
    })
}

fn kind_of(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "application/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "pdf" => "application/pdf",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

/// The tracker and everything beside it.
pub(super) async fn file(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let found = state.assets.answer(request.path(), &request, None);
    found.unwrap_or_else(|| {
        HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("not found\n")
    })
}

/// A demonstration page, with the first site's number put in, or `?site=`'s.
pub(super) async fn demo(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let path = match request.path() {
        "/demo" => {
            return HttpResponse::PermanentRedirect()
                .insert_header((header::LOCATION, "/demo/"))
                .finish();
        }
        "/demo/" => "/demo/index.html",
        path => path,
    };
    let asked = crate::collect::Params::parse(request.query_string().as_bytes());
    let asked = asked.get("site").and_then(|site| site.parse().ok());
    let site = asked.or_else(|| state.sites().first().map(|known| known.site.id)).unwrap_or(1);
    let found = state.assets.answer(path, &request, Some(site));
    found.unwrap_or_else(|| {
        HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("not found\n")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_read_with_their_weights() {
        for (accepted, coding, want) in [
            ("gzip, deflate, br, zstd", "br", true),
            ("gzip;q=0.5, BR;q=1", "br", true),
            ("gzip, br;q=0", "br", false),
            ("", "gzip", false),
            ("brotli", "br", false),
        ] {
            assert_eq!(accepts(accepted, coding), want, "{accepted}");
        }
    }

    #[test]
    fn a_pinned_script_has_the_hash_that_browsers_check() {
        let mut assets = Assets::default();
        assets.add(
            "/matomo.js",
            "application/javascript",
            b"alert('Hello, world.');".to_vec(),
            Vec::new(),
        );
        let pinned = assets.pin("/matomo.js").unwrap();
        // The example of the W3C recommendation Subresource Integrity.
        assert_eq!(
            pinned.integrity,
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
        assert!(assets.files.contains_key(&pinned.path) && pinned.path.ends_with(".js"));
        assert!(assets.pin("/none.js").is_none());
    }
}
