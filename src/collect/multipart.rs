//! Form bodies in parts (`multipart/form-data`), as `FormData` and `curl -F` send them.

use memchr::memmem;

use super::params::{MOST_PARAMETERS, Params};

/// The fields of a form in parts, files left out; `None` where the content type tells another body.
pub fn multipart(content_type: &[u8], body: &[u8]) -> Option<Params<'static>> {
    let boundary = boundary(content_type)?;
    let first = [b"--", boundary].concat();
    let mark = [b"\r\n", &first[..]].concat();
    let mut pairs = Vec::new();
    let mut rest = body.get(memmem::find(body, &first)? + first.len()..)?;
    while pairs.len() < MOST_PARAMETERS && !rest.starts_with(b"--") {
        // A body that breaks off ends where it does.
        let end = memmem::find(rest, &mark).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        pairs.extend(field(part));
        rest = after.get(mark.len()..).unwrap_or_default();
        if rest.is_empty() {
            break;
        }
    }
    Some(Params::from_pairs(pairs))
}

fn boundary(content_type: &[u8]) -> Option<&[u8]> {
    const KIND: &[u8] = b"multipart/form-data";
    let (kind, parameters) = content_type.split_at_checked(KIND.len())?;
    if !kind.eq_ignore_ascii_case(KIND) {
        return None;
    }
    parameter(parameters, b"boundary").filter(|it| !it.is_empty() && it.len() <= 70)
}

/// The name and the text of a part that is no file.
fn field(part: &[u8]) -> Option<(String, String)> {
    let end = memmem::find(part, b"\r\n\r\n")?;
    let (head, text) = part.split_at(end);
    let text = text.get(4..)?;
    let mut lines = head.split(|byte| *byte == b'\n');
    let disposition = lines.find_map(|line| {
        const NAME: &[u8] = b"content-disposition:";
        let (name, value) = line.split_at_checked(NAME.len())?;
        name.eq_ignore_ascii_case(NAME).then_some(value)
    })?;
    if parameter(disposition, b"filename").is_some() {
        return None;
    }
    let name = parameter(disposition, b"name")?;
    let read = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\0', "");
    Some((read(name), read(text)))
}

/// `x` of `…; name="x"` or `…; name=x`.
fn parameter<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    line.split(|byte| *byte == b';').find_map(|part| {
        let part = part.trim_ascii();
        let (given, value) = part.split_at_checked(part.iter().position(|byte| *byte == b'=')?)?;
        let value = value.get(1..)?.trim_ascii();
        let bare = value.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\""));
        given.trim_ascii().eq_ignore_ascii_case(name).then_some(bare.unwrap_or(value))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TYPE: &[u8] = b"multipart/form-data; boundary=----x";

    fn listed(content_type: &[u8], body: &[u8]) -> Option<Vec<(String, String)>> {
        let params = multipart(content_type, body)?;
        Some(params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    fn body(parts: &[(&str, &str)]) -> Vec<u8> {
        let part = |(head, text): &(&str, &str)| format!("------x\r\n{head}\r\n\r\n{text}\r\n");
        let parts: String = parts.iter().map(part).collect();
        format!("{parts}------x--\r\n").into_bytes()
    }

    #[test]
    fn fields_are_read_and_files_are_not() {
        let body = body(&[
            ("Content-Disposition: form-data; name=\"idsite\"", "1"),
            ("content-disposition: form-data; name=\"action_name\"", "Élève & co\r\n+1"),
            ("Content-Disposition: form-data; name=\"f\"; filename=\"a.txt\"", "secret"),
            ("Content-Disposition: form-data; name=rec\r\nContent-Type: text/plain", "1"),
            ("Content-Type: text/plain", "nameless"),
        ]);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let wanted =
            [pair("idsite", "1"), pair("action_name", "Élève & co\r\n+1"), pair("rec", "1")];
        assert_eq!(listed(TYPE, &body).unwrap(), wanted);
        let quoted = b"Multipart/Form-Data; charset=utf-8; boundary=\"----x\"";
        assert_eq!(listed(quoted, &body).unwrap(), wanted);
        // Cut in the last part: what was whole is read.
        let cut = &body[..body.len() - 60];
        assert_eq!(listed(TYPE, cut).unwrap()[..2], wanted[..2]);
    }

    #[test]
    fn other_bodies_are_told_apart() {
        for kind in [
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/mixed; boundary=x",
            "",
        ] {
            assert_eq!(listed(kind.as_bytes(), b"--x\r\n"), None, "{kind}");
        }
        assert_eq!(listed(TYPE, b""), None);
        assert_eq!(listed(TYPE, b"------x--"), Some(Vec::new()));
    }

    proptest! {
        #[test]
        fn no_body_is_too_odd(bytes: Vec<u8>, text in "[-x\r\n:;=\"a-z]{0,200}") {
            multipart(TYPE, &bytes);
            multipart(TYPE, text.as_bytes());
            multipart(&bytes, text.as_bytes());
        }

        #[test]
        fn any_text_arrives_as_it_was(text in "\\PC{0,50}") {
            let sent = body(&[("Content-Disposition: form-data; name=\"a\"", &text)]);
            prop_assert_eq!(listed(TYPE, &sent).unwrap(), vec![("a".to_owned(), text)]);
        }
    }
}
