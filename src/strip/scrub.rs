//! Identifiers inside texts: mails, and whatever the sender also said of itself.

use super::{Dropped, Rules, draft::Draft};

/// Shorter ids than this would be found in ordinary words.
const SHORTEST_OWN: usize = 5;

/// The step `no-identifiers-in-texts`.
pub(super) fn no_identifiers(draft: &mut Draft, _: &Rules) {
    let own = std::mem::take(&mut draft.own);
    let own: Vec<&str> =
        own.iter().map(String::as_str).filter(|it| it.len() >= SHORTEST_OWN).collect();
    let mut found = false;
    draft.each_text(&mut |text| {
        if let Some(clean) = without_identifiers(text, &own) {
            *text = clean;
            found = true;
        }
    });
    if found {
        draft.dropped.push(Dropped::Identifier);
    }
}

/// The text with each identifier replaced by `~`; `None` where there was nothing to replace.
pub(super) fn without_identifiers(text: &str, own: &[&str]) -> Option<String> {
    let mut clean: Option<String> = None;
    for id in own {
        let current = clean.as_deref().unwrap_or(text);
        if current.contains(id) {
            clean = Some(current.replace(id, "~"));
        }
    }
    let current = clean.as_deref().unwrap_or(text);
    without_mails(current).or(clean)
}

fn without_mails(text: &str) -> Option<String> {
    if !text.contains('@') && !text.contains("%40") {
        return None;
    }
    let unified = text.replace("%40", "@");
    let mut result = String::with_capacity(unified.len());
    let mut rest = unified.as_str();
    let mut found = false;
    while let Some((before, after)) = rest.split_once('@') {
        let local = before
            .chars()
            .rev()
            .take_while(|c| in_local_part(*c))
            .map(char::len_utf8)
            .sum::<usize>();
        let domain = after
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '.'))
            .map(char::len_utf8)
            .sum::<usize>();
        let (head, domain_text) = (before.get(..before.len() - local), after.get(..domain));
        match (head, domain_text) {
            (Some(head), Some(domain_text)) if local > 0 && domain_text.contains('.') => {
                found = true;
                result.push_str(head);
                result.push('~');
                rest = after.get(domain..).unwrap_or_default();
            }
            _ => {
                result.push_str(before);
                result.push('@');
                rest = after;
            }
        }
    }
    result.push_str(rest);
    found.then_some(result)
}

fn in_local_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-' | '%' | '\'')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mails_and_own_ids_are_cut() {
        for (text, want) in [
            ("écrire à zoe.martin@ecole.fr !", "écrire à ~ !"),
            ("https://q.com/?m=zoe%40ecole.fr&x=1", "https://q.com/?m=~&x=1"),
            ("https://mastodon.social/@x/1", "https://mastodon.social/@x/1"),
            ("prof-42 et prof-42", "~ et ~"),
            ("a@b", "a@b"),
            ("rien", "rien"),
        ] {
            let got = without_identifiers(text, &["prof-42"]).unwrap_or_else(|| text.to_owned());
            assert_eq!(got, want);
        }
    }

    proptest! {
        #[test]
        fn no_mail_survives(before in "\\PC{0,20}", local in "[a-z.]{1,10}", domain in "[a-z]{1,8}\\.[a-z]{2,3}", after in "[ /&?]\\PC{0,20}") {
            let mail = format!("{local}@{domain}");
            let text = format!("{before} {mail}{after}");
            let clean = without_identifiers(&text, &[]).unwrap_or(text);
            prop_assert!(!clean.contains(&mail), "{clean}");
        }
    }
}
