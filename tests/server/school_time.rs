//! School time on a site's dashboard: holidays by zone, and the same school week a year before.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use padoqe::{
    school::calendar::same_school_week_last_year,
    site::{date_of, number_of},
};

use crate::running::{Server, encoded};

/// A day that is over, and the one it compares with.
fn days() -> (Date, Date) {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    (7..40)
        .find_map(|ago| {
            let day = today.saturating_sub(ago.days());
            Some((day, date_of(same_school_week_last_year(number_of(day))?)))
        })
        .unwrap()
}

fn log_in(server: &Server) -> String {
    let password = server.admin(&["admin", "user", "claire"]);
    let form = encoded(&[("user", "claire"), ("password", &password)]);
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = server.request("POST", "/login", &headers, form.as_bytes());
    let cookie = answer.head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then(|| value.trim().split(';').next())?
    });
    cookie.unwrap().to_owned()
}

#[test]
fn a_day_stands_beside_the_same_day_of_the_same_school_week_a_year_before() {
    let server = Server::start();
    let (day, before) = days();
    let cookie = log_in(&server);
    let page = |site: &str, period: &str, date: &str| {
        let target = format!("/sites/{site}?period={period}&date={date}&lang=fr");
        server.request("GET", &target, &[("Cookie", &cookie)], b"").text()
    };
    let counted = |zone| {
        let site = server.add_site(&[("policy", "complete"), ("timezone", zone)]);
        for (day, visitors) in [(day, 2), (before, 3)] {
            for visitor in 0..visitors {
                let (at, cid) = (format!("{day} 11:00:0{visitor}"), format!("{visitor:016x}"));
                server.hit(&[
                    ("idsite", &site),
                    ("url", "https://www.quiziniere.com/"),
                    ("cdt", &at),
                    ("cid", &cid),
                    ("token_auth", &server.token),
                ]);
            }
            let asked = [("idSite", site.as_str()), ("period", "day"), ("date", &day.to_string())];
            server.wait_for("VisitsSummary.get", &asked, |it| it["nb_visits"] == visitors);
        }
        site
    };
    let paris = counted("Europe/Paris");
    for period in ["day", "week"] {
        let html = page(&paris, period, &day.to_string());
        assert!(
            html.contains("un an avant\u{a0}: 3 visites, contre 2 cette fois"),
            "{period}: {html}"
        );
        assert!(html.contains("class=\"last-year\""));
    }
    // Nothing to compare with: no line without an end.
    let html = page(&paris, "day", &before.to_string());
    assert!(html.contains("3 visites") && !html.contains("un an avant"), "{html}");
    let winter = page(&paris, "month", "2026-02-01");
    assert!(winter.contains("zone B du 14 février au 1er mars 2026"), "{winter}");
    // Overseas has other calendars, which are not known.
    let reunion = counted("Indian/Reunion");
    let html = page(&reunion, "day", &day.to_string());
    assert!(html.contains("2 visites") && !html.contains("un an avant"), "{html}");
    assert!(!page(&reunion, "month", "2026-02-01").contains("zone B"));
}
