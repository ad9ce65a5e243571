//! The small pages: login, how to embed the tracker, errors.

use serde::Serialize;

use super::{overview::SiteName, text::Text};

/// The login page.
#[derive(Clone, Debug, Default)]
pub struct Login {
    /// What was typed as user, to be shown again after a refusal.
    pub user: String,
    /// The path to go to afterwards; sent back as `next`.
    pub next: String,
    pub refused: Option<Refusal>,
}

/// Why nobody was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// User or password: which one is not told.
    WrongPassword,
    TooManyAttempts,
    /// The session has ended.
    Expired,
}

#[derive(Debug, Serialize)]
pub(super) struct LoginView {
    user: String,
    next: String,
    refused: Option<String>,
    /// Whether the fields themselves are to blame.
    wrong: bool,
}

impl Login {
    pub(super) fn view(&self, text: &Text) -> LoginView {
        let key = |refusal| match refusal {
            Refusal::WrongPassword => "login.refused.wrong_password",
            Refusal::TooManyAttempts => "login.refused.too_many_attempts",
            Refusal::Expired => "login.refused.expired",
        };
        LoginView {
            user: self.user.clone(),
            next: self.next.clone(),
            refused: self.refused.map(|it| text.say(key(it))),
            wrong: self.refused == Some(Refusal::WrongPassword),
        }
    }
}

/// The page where visitors of measured sites refuse to be counted; other sites show it in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptOut {
    Measured,
    Refused,
    /// The browser itself refuses, by Do Not Track or Global Privacy Control.
    Signal,
}

#[derive(Debug, Serialize)]
pub(super) struct OptOutView {
    state: String,
    /// Where the form goes; the choice comes back in the same language.
    action: String,
    refuse: &'static str,
    /// None where there is nothing to choose.
    button: Option<String>,
}

impl OptOut {
    pub(super) fn view(self, text: &Text, action: String) -> OptOutView {
        let (state, button, refuse) = match self {
            Self::Measured => ("opt_out.measured", Some("opt_out.refuse"), "1"),
            Self::Refused => ("opt_out.refused", Some("opt_out.accept"), "0"),
            Self::Signal => ("opt_out.signal", None, "1"),
        };
        OptOutView { state: text.say(state), action, refuse, button: button.map(|it| text.say(it)) }
    }
}

/// How to embed the tracker in a site that has no figures yet.
#[derive(Clone, Debug, Default)]
pub struct Install {
    pub site: SiteName,
    /// Where this server is reached from outside, without a slash at the end, if known.
    pub server: Option<String>,
    /// Whether a hit ever came: the page then no longer says that it waits for the first.
    pub heard: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct InstallView {
    site: SiteName,
    /// One line of our tracker.
    snippet: String,
    /// Matomo's own snippet, pointed here.
    classic: String,
    heard: bool,
    /// Set when the snippets carry a placeholder.
    placeholder: Option<&'static str>,
    back: String,
}

const PLACEHOLDER: &str = "https://YOUR-SERVER";

impl Install {
    pub(super) fn view(&self, back: String) -> InstallView {
        let server = self.server.as_deref().unwrap_or(PLACEHOLDER).trim_end_matches('/');
        let id = self.site.id;
        InstallView {
            site: self.site.clone(),
            snippet: format!(
                "<script async src=\"{server}/matomo.js\" data-site=\"{id}\"></script>"
            ),
            classic: classic(server, id),
            heard: self.heard,
            placeholder: self.server.is_none().then_some(PLACEHOLDER),
            back,
        }
    }
}

fn classic(server: &str, id: u32) -> String {
    format!(
        "<script>
  var _paq = window._paq = window._paq || [];
  _paq.push(['trackPageView']);
  _paq.push(['enableLinkTracking']);
  (function() {{
    var u = \"{server}/\";
    _paq.push(['setTrackerUrl', u + 'matomo.php']);
    _paq.push(['setSiteId', '{id}']);
    var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
    g.async = true; g.src = u + 'matomo.js'; s.parentNode.insertBefore(g, s);
  }})();
</script>"
    )
}

/// A page that says what went wrong.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// HTTP status.
    pub status: u16,
}

#[derive(Debug, Serialize)]
pub(super) struct FailureView {
    status: u16,
    title: String,
    explanation: String,
}

impl Failure {
    pub(super) fn view(self, text: &Text) -> FailureView {
        let kind = match self.status {
            400 => "bad_request",
            403 => "forbidden",
            404 => "not_found",
            503 => "unavailable",
            status if status < 500 => "refused",
            _ => "internal",
        };
        FailureView {
            status: self.status,
            title: text.say(&format!("failure.{kind}.title")),
            explanation: text.say(&format!("failure.{kind}.explanation")),
        }
    }
}
