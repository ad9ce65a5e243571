//! Segments of small traffic.

use proptest::prelude::*;

use super::{
    Kept, Segment, Wrong, names, read_back, retrace,
    sample::{WEEK, any_traffic, event, happening, page, reaching, site, steps},
};
use crate::{
    rollup::{Delta, Shape, subject},
    session::{Sessions, Step},
    site::{PolicyName, Site},
    strip::{Action, Text},
};

const CREATE: &str = "https://www.quiziniere.com/creer";
const HELP: &str = "http://quiziniere.com/aide";

fn counted(segment: &str, steps: &[Step]) -> Delta {
    let site = site();
    let segment = Segment::parse(segment, &site).unwrap();
    retrace(&segment, &site, steps, &mut Sessions::default())
}

fn visits(delta: &Delta) -> i64 {
    let all = delta
        .sorted_rows()
        .into_iter()
        .filter(|(key, _)| (key.shape, key.subject) == (Shape::Visit, subject::ALL));
    all.map(|(_, figures)| figures[Shape::Visit.at("visits")]).sum()
}

/// Visitor 1: two pages and an event; 2: a search and a goal; 3: a ping follows one page; 4: nothing but a goal by hand.
fn traffic() -> Vec<Step> {
    let search =
        Action::Search { keyword: Some(Text::new("égypte")), category: None, found: Some(0) };
    steps(vec![
        event(1, 0, page(CREATE, "Créer")),
        event(2, 5, search),
        event(1, 60, page(HELP, "Aide")),
        event(1, 90, happening("Création", "ajout", 7)),
        event(3, 100, page(CREATE, "Créer")),
        reaching(event(2, 110, page(HELP, "Aide")), 1),
        event(3, 130, Action::Ping),
        reaching(event(4, 140, Action::Goal), 2),
    ])
}

#[test]
fn segments_select_whole_visits() {
    let steps = traffic();
    for (segment, want) in [
        ("actions>=0", 4),
        ("actions>1", 2),
        ("actions==0", 1),
        ("pageUrl==https://www.quiziniere.com/aide", 2),
        ("pageUrl==quiziniere.com/aide", 2),
        ("pageUrl==quiziniere.com/AIDE", 0),
        ("pageUrl=@/AIDE", 2),
        ("pageUrl=$/creer", 2),
        ("pageUrl=^https%253A%252F%252Fquiziniere.com%252Fcr", 2),
        ("pageUrl!=http://quiziniere.com/aide", 2),
        ("pageUrl!@creer", 2),
        ("pageUrl!=", 3),
        ("pageTitle==Aide", 2),
        ("eventUrl=@creer", 1),
        ("actionUrl=@creer;eventCategory==Création", 1),
        ("pageUrl=@creer;eventCategory==Création", 0),
        ("pageUrl=@creer;pageTitle==Créer", 2),
        ("pageUrl=@creer;pageTitle==Aide", 0),
        ("pageUrl=@creer,pageUrl=@aide", 3),
        ("eventCategory==création", 0),
        ("eventCategory=@creation;eventAction==ajout;eventValue>6", 1),
        ("eventValue>7", 0),
        ("eventCategory!=Création", 3),
        ("events>0", 1),
        ("interactions==2", 2),
        ("searches==1;siteSearchKeyword=@EGYPTE;siteSearchCount==0", 1),
        ("actionType==sitesearches", 1),
        ("actionType!=pageviews", 1),
        ("countryCode==FR", 2),
        ("countryName==Belgium", 2),
        ("languageCode==fr;deviceType==tablet;browserCode==FF;operatingSystemCode==LIN", 4),
        ("resolution!=1920x1080", 0),
        ("referrerType==search", 2),
        ("referrerType!=search", 2),
        ("referrerName==qwant;referrerKeyword==quiz", 2),
        ("referrerKeyword==", 2),
        ("dimension1==eleve", 4),
        ("dimension2==maths", 3),
        ("dimension2!=maths", 1),
        ("visitConverted==1", 2),
        ("visitConvertedGoalId==1", 1),
        ("visitConvertedGoalId!=1", 3),
        ("visitConvertedGoalId==1;visitConvertedGoalId==2", 0),
        ("visitConvertedGoalName==copie rendue", 1),
        ("visitDuration>=91", 2),
        ("visitorType==new", 4),
        ("visitCount==1", 4),
        ("daysSinceLastVisit==0;daysSinceFirstVisit==0", 4),
        ("entryPageUrl=@creer", 2),
        ("exitPageUrl=@aide", 2),
        // The visit that saw it first began with a search.
        ("entryPageTitle==Aide", 0),
        ("visitLocalHour==9;visitStartServerHour==8", 4),
        ("visitEndServerDate==2026-03-02;visitEndServerDayOfWeek==1;visitEndServerQuarter==1", 4),
        ("countryCode==be,referrerType==search", 4),
        ("countryCode==be,pageUrl=@aide;actions>1", 2),
        ("visitEcommerceStatus==none", 4),
    ] {
        assert_eq!(visits(&counted(segment, &steps)), want, "{segment}");
    }
}

#[test]
fn visits_in_the_segment_are_counted_with_all_their_pages() {
    let delta = counted("pageUrl=@aide", &traffic());
    let rows = delta.sorted_rows();
    let pages = rows
        .iter()
        .filter(|(key, _)| (key.shape, key.subject) == (Shape::Action, subject::PAGE_URL));
    let hits: i64 = pages.map(|(_, figures)| figures[Shape::Action.at("hits")]).sum();
    assert_eq!(hits, 3, "two pages of one visit, one of the other");
    let week = delta.sorted_uniques().into_iter().find(|(_, period, ..)| *period == WEEK);
    assert_eq!(week.map(|(_, _, visitors, _)| visitors), Some(2));
}

#[test]
fn what_cannot_be_asked_is_said() {
    let wrong = |text: &str| Segment::parse(text, &site()).unwrap_err();
    assert_eq!(wrong("nothing==1").to_string(), "Segment 'nothing' is not a supported segment.");
    let exempt = Site { policy: PolicyName::Exempt, ..site() };
    let refused = Segment::parse("daysSinceLastVisit>7", &exempt).unwrap_err();
    assert_eq!(refused, Wrong::NotKept("daysSinceLastVisit".into()));
    assert_eq!(wrong("dimension9==1"), Wrong::Unknown("dimension9".into()));
    assert_eq!(wrong("visitorId==aa"), Wrong::Identifier("visitorId".into()));
    assert_eq!(wrong("city==Paris"), Wrong::NotKept("city".into()));
    assert_eq!(names(&site()).count(), include_str!("names.tsv").lines().count() + 2);
    for name in names(&site()) {
        assert!(Segment::parse(&format!("{}==1", name.segment), &site()).is_ok(), "{name:?}");
    }
}

#[test]
fn the_manual_names_what_can_be_asked() {
    let manual = include_str!("../../docs/segments.md");
    for line in include_str!("names.tsv").lines() {
        let name = line.split('\t').next().unwrap();
        assert!(manual.contains(&format!("`{name}`")), "docs/segments.md lacks {name}");
    }
}

#[test]
fn what_is_kept_is_read_back() {
    let steps: Vec<Step> =
        traffic().into_iter().map(|step| Step::new(step.placed, step.event)).collect();
    let mut kept = Kept::default();
    steps.iter().for_each(|step| kept.add(step));
    assert_eq!(read_back(kept.bytes()).unwrap(), steps);
    let bytes = kept.bytes();
    assert!(read_back(&bytes[..bytes.len() - 1]).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_segment_and_its_negation_add_up_to_all_visits(steps in any_traffic()) {
        let all = visits(&counted("actions>=0", &steps));
        for (one, other) in [
            ("pageUrl=@/1", "pageUrl!@/1"),
            ("pageUrl==a.fr/2", "pageUrl!=a.fr/2"),
            ("eventCategory==C", "eventCategory!=C"),
            ("visitConvertedGoalId==1", "visitConvertedGoalId!=1"),
            ("countryCode==fr", "countryCode!=fr"),
            ("actions>2", "actions<=2"),
            ("visitorType==new", "visitorType!=new"),
        ] {
            let sum = visits(&counted(one, &steps)) + visits(&counted(other, &steps));
            prop_assert_eq!(sum, all, "{} {}", one, other);
        }
    }

    #[test]
    fn a_segment_of_all_visits_is_what_was_counted(steps in any_traffic()) {
        let mut sessions = Sessions::default();
        let mut delta = Delta::default();
        for step in &steps {
            let change = sessions.absorb(&step.event).unwrap();
            delta.tally(&change);
            delta.transitions(&change);
        }
        let again = counted("actions>=0", &steps);
        prop_assert_eq!(again.sorted_rows(), delta.sorted_rows());
        prop_assert_eq!(again.sorted_uniques(), delta.sorted_uniques());
    }
}
