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

use super::state::State;

/// Files in memory, by the path they are asked for with.
#[derive(Default)]
pub struct Assets {
    files: HashMap<String, File>,
}

struct File {
    kind: &'static str,
    bytes: web::Bytes,
    tag: String,
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
                self.add(&format!("{prefix}{name}"), kind, fs::read(&path)?);
            }
        }
        Ok(())
    }

    /// Adds one file.
    pub fn add(&mut self, path: &str, kind: &'static str, bytes: Vec<u8>) {
        let tag = blake3::hash(&bytes).to_hex();
        let tag = format!("\"{}\"", tag.get(..16).unwrap_or_default());
        self.files.insert(path.to_owned(), File { kind, bytes: bytes.into(), tag });
    }

    /// Gives a file a second name.
    pub fn alias(&mut self, from: &str, to: &str) {
        if let Some(File { kind, bytes, tag }) = self.files.get(from) {
            let copy = File { kind, bytes: bytes.clone(), tag: tag.clone() };
            self.files.insert(to.to_owned(), copy);
        }
    }

    fn answer(&self, path: &str, request: &HttpRequest, site: Option<u32>) -> Option<HttpResponse> {
        let file = self.files.get(path)?;
        let same = request
            .headers()
            .get(header::IF_NONE_MATCH)
            .is_some_and(|tag| tag == file.tag.as_str());
        if same && site.is_none() {
            return Some(HttpResponse::NotModified().finish());
        }
        let mut answer = HttpResponse::Ok();
        answer
            .content_type(file.kind)
            .insert_header((header::CACHE_CONTROL, "public, max-age=600"));
        if file.kind.starts_with("application/javascript") {
            // Pages of other origins load the tracker's second file as a module.
            answer.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
        }
        let site = site.filter(|_| file.kind.starts_with("text/html"));
        Some(match (site, std::str::from_utf8(&file.bytes)) {
            (Some(site), Ok(html)) => answer.body(html.replace("{{site}}", &site.to_string())),
            _ => answer.insert_header((header::ETAG, file.tag.clone())).body(file.bytes.clone()),
        })
    }
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
