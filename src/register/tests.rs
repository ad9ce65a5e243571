//! Files, good and bad; numbers from one register to the next.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::site::{Dimension, Feature, FunnelStep, Named, Rule, Scope};

const TODAY: DayNumber = 20_780;

fn site() -> Site {
    let dimension =
        |id, scope, active| Dimension { id, name: format!("d{id}"), scope, index: id, active };
    let dimensions = vec![
        dimension(1, Scope::Visit, true),
        dimension(2, Scope::Visit, true),
        dimension(3, Scope::Visit, true),
        dimension(4, Scope::Action, true),
        dimension(5, Scope::Visit, false),
    ];
    Site { dimensions, ..Site::example() }
}

fn holding(register: &Register) -> Site {
    Site { register: Arc::new(register.clone()), ..site() }
}

fn applied(text: &str, old: &Register, today: DayNumber) -> Plan {
    let file = File::read(text).unwrap_or_else(|it| panic!("{}", say_all(&it, Language::En)));
    file.plan(&holding(old), today).unwrap_or_else(|it| panic!("{}", say_all(&it, Language::En)))
}

fn problems(text: &str) -> String {
    let problems = match File::read(text) {
        Ok(file) => file.plan(&site(), TODAY).err().unwrap_or_default(),
        Err(problems) => problems,
    };
    say_all(&problems, Language::En)
}

fn feature(key: &str, rules: &str) -> String {
    format!("[[feature]]\nkey = \"{key}\"\nname = \"{key}\"\nrules = [{rules}]\n")
}

#[test]
fn the_example_is_right_and_comes_back_as_it_was() {
    let first = applied(EXAMPLE, &Register::default(), TODAY);
    assert_eq!(first.register.features.len(), 20);
    assert_eq!(first.register.cuts().len(), 6);
    assert_eq!(first.register.funnels.len(), 2);
    assert_eq!(first.changes.len(), 20 + 4 + 1 + 2);
    let written = File::of(&first.register).write();
    let again = applied(&written, &first.register, TODAY + 9);
    assert_eq!(again.changes, []);
    assert_eq!(again.register, first.register);
    assert_eq!(File::of(&again.register).write(), written);
}

#[test]
fn every_mistake_is_named_with_its_line_and_what_to_do() {
    let ok = "{ category = \"C\" }";
    for (text, wanted) in [
        ("[[feature]\n", "line 1, file: this is not TOML"),
        ("version = 2", "line 1, file: version 2 is not known; write version = 1"),
        (
            "[[fonction]]\nkey = \"a\"",
            "line 1, file: `fonction` is not known here; the names are version, feature",
        ),
        ("feature = 1", "`feature` must be a list of tables"),
        (
            "\n[[feature]]\nname = \"x\"\nrules = [{ page = \"/a\" }]",
            "feature: `key` is missing; add it",
        ),
        (
            &feature("a", "{ categorie = \"x\" }"),
            "line 4, feature `a`: `categorie` is not known here",
        ),
        (&feature("a", "\"x\""), "line 4, feature `a`: `rules` must be a list of rules"),
        (
            &feature("Ajout Dessin", ok),
            "line 2, feature `Ajout Dessin`: a key is written in plain small letters",
        ),
        (&feature("all", ok), "feature `all`: this key means something in questions"),
        (
            &format!("{}{}", feature("a", ok), feature("a", ok)),
            "line 6, feature `a`: this key was declared above",
        ),
        (
            "[[feature]]\nkey = \"a\"\nrules = [{ page = \"/a\" }]",
            "line 2, feature `a`: reports need a name",
        ),
        (
            "[[feature]]\nkey = \"a\"\nname = { de = \"x\" }\nrules = [{ page = \"/a\" }]",
            "line 3, feature `a`: `de` is not known here; the names are fr, en",
        ),
        (
            "[[feature]]\nkey = \"a\"\nname = \"a\"\nreleased = \"1/9/2026\"\nrules = [{ page = \"/a\" }]",
            "line 4, feature `a`: `released` must be a date",
        ),
        (&feature("a", ""), "feature `a`: no rule says what is a use of it"),
        (&feature("a", "{ page = \"/a\" }, {}"), "feature `a`: rule 2 says nothing"),
        (&feature("a", "{ category = \"*\" }"), "rule 1 says nothing"),
        (&feature("a", "{ page = \"/**\" }"), "rule 1 says nothing"),
        (
            &feature("a", "{ tracker = \"x\", action = \"y\" }"),
            "`tracker` stands for category and action",
        ),
        (
            &feature("a", "{ tracker-group = \"x\", action = \"y\" }"),
            "`tracker-group` only goes with `tracker`",
        ),
        (&feature("a", "{ action = \"a**\" }"), "`a**`: one `*` is enough in a text"),
        (&feature("a", "{ page = \"quiz\" }"), "`quiz` is no path of a page"),
        (&feature("a", "{ page = \"//example.org/quiz\" }"), "is no path of a page"),
        (&feature("a", "{ page = \"/quiz?x=1\" }"), "a path ends before `?`"),
        (
            &feature("a", "{ page = \"/quiz-*\" }"),
            "`/quiz-*`: in a path `*` stands for one whole part",
        ),
        (&feature("a", "{ page = \"/**/fin\" }"), "`/**/fin`: in a path"),
        (
            &feature("a", "{ action = \"camille.dupont@ac-exemple.fr\" }"),
            "looks like a mail address",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\ndimension = 1",
            "audience `p`: `kind` is missing",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"profil\"\ndimension = 1",
            "line 4, audience `p`: the kind `profil` is not known; choose one of profile, level",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"profile\"\nvalues = [\"a\"]",
            "say in which dimension of the visit",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"device\"\ndimension = 1",
            "take dimension out",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"level\"\ndimension = 9\nvalues = [\"a\"]",
            "the site has no dimension 9; its dimensions of visits are 1, 2, 3",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"level\"\ndimension = 4\nvalues = [\"a\"]",
            "dimension 4 is of actions",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"level\"\ndimension = 5\nvalues = [\"a\"]",
            "dimension 5 is switched off",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"level\"\ndimension = \"1\"\nvalues = [\"a\"]",
            "line 5, audience `p`: `dimension` must be a number",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"level\"\ndimension = 1",
            "takes declared values only",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"country\"\nvalues = [\"fr\"]",
            "take values out",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"level\"\ndimension = 1\nvalues = [\"a\", \"a\"]",
            "the value `a` stands there twice",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"level\"\ndimension = 1\nvalues = [\"a\\u001Fb\"]",
            "holds a control character",
        ),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"level\"\ndimension = 1\nvalues = [\"a\"]\n[[audience]]\nkey = \"q\"\nname = \"q\"\nkind = \"other\"\ndimension = 1\nvalues = [\"a\"]",
            "audience `q`: the audience `p` reads the same already",
        ),
        ("[[pair]]\nof = [\"p\", \"q\"]", "line 2, pair `p, q`: there is no audience `p`"),
        ("[[pair]]\nof = [\"p\"]", "`of` must be two keys of audiences"),
        (
            "[[audience]]\nkey = \"p\"\nname = \"p\"\nkind = \"device\"\n[[pair]]\nof = [\"p\", \"p\"]",
            "a pair is of two different audiences",
        ),
        (
            "[[funnel]]\nkey = \"f\"\nname = \"f\"\nsteps = [\"x\", \"y\"]",
            "line 2, funnel `f`: there is no feature `x`",
        ),
        (
            &format!("{}[[funnel]]\nkey = \"f\"\nname = \"f\"\nsteps = [\"a\"]", feature("a", ok)),
            "a funnel has two steps at least",
        ),
        (
            &format!(
                "{}[[funnel]]\nkey = \"f\"\nname = \"f\"\nsteps = [{{ feature = \"a\", optional = true }}, {{ feature = \"a\", optional = true }}]",
                feature("a", ok)
            ),
            "all steps are optional",
        ),
    ] {
        let said = problems(text);
        assert!(said.contains(wanted), "{text}\nis told: {said}\nnot: {wanted}");
    }
}

#[test]
fn problems_are_told_in_french_too_and_all_at_once() {
    let text = format!("{}{}", feature("A", "{ category = \"C\" }"), feature("b", ""));
    let problems = File::read(&text).unwrap().plan(&site(), TODAY).unwrap_err();
    let said = say_all(&problems, Language::Fr);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.starts_with("ligne 2, fonctionnalité `A`\u{a0}: une clé s’écrit"), "{said}");
    assert!(said.contains("ligne 6, fonctionnalité `b`\u{a0}: aucune règle"), "{said}");
}

#[test]
fn numbers_stay_and_are_never_used_again() {
    let (a, b, c) = ("{ category = \"A\" }", "{ category = \"B\" }", "{ page = \"/c\" }");
    let first = applied(&[feature("a", a), feature("b", b)].concat(), &Register::default(), 100);
    let second = applied(&[feature("c", c), feature("b", c)].concat(), &first.register, 200);
    let third = applied(&[feature("a", a), feature("b", c)].concat(), &second.register, 300);
    let told = |plan: &Plan| -> Vec<(String, u32, DayNumber)> {
        plan.register.features.iter().map(|it| (it.key.clone(), it.id, it.since)).collect()
    };
    assert_eq!(told(&first), [("a".into(), 1, 100), ("b".into(), 2, 100)]);
    assert_eq!(told(&second), [("c".into(), 3, 200), ("b".into(), 2, 200)]);
    assert_eq!(told(&third), [("a".into(), 4, 300), ("b".into(), 2, 200)]);
}

#[test]
fn a_changed_rule_tells_from_when_on_it_counts() {
    let first = applied(&feature("a", "{ category = \"A\" }"), &Register::default(), 20_698);
    let second = applied(&feature("a", "{ category = \"B\" }"), &first.register, TODAY);
    let said: Vec<_> = second.changes.iter().map(|it| it.say(Language::Fr)).collect();
    assert_eq!(
        said,
        [
            "~ fonctionnalité `a`\u{a0}: la règle change\u{202f}; ce qui est compté depuis le 2026-09-02 reste, la nouvelle règle compte à partir du 2026-11-23"
        ]
    );
    assert!(
        second.changes[0].say(Language::En).starts_with("~ feature `a`: another rule; what was")
    );
}

#[test]
fn other_steps_are_another_funnel() {
    let features = [feature("a", "{ category = \"A\" }"), feature("b", "{ category = \"B\" }")];
    let funnel = |steps: &str| {
        format!("{}[[funnel]]\nkey = \"f\"\nname = \"F\"\nsteps = [{steps}]\n", features.concat())
    };
    let first = applied(&funnel("\"a\", \"b\""), &Register::default(), 1);
    let same = applied(&funnel("\"a\", { feature = \"b\" }"), &first.register, 2);
    assert_eq!((same.register.funnels[0].id, same.register.funnels[0].since), (1, 1));
    let other = applied(&funnel("\"a\", { feature = \"b\", optional = true }"), &same.register, 3);
    assert_eq!((other.register.funnels[0].id, other.register.funnels[0].since), (2, 3));
    assert!(
        other.changes[0].say(Language::En).contains("other steps; counted anew from 1970-01-04")
    );
}

fn audience(key: &str, kind: &str, dimension: u16) -> String {
    format!(
        "[[audience]]\nkey = \"{key}\"\nname = \"{key}\"\nkind = \"{kind}\"\ndimension = {dimension}\nvalues = [\"x\"]\n"
    )
}

#[test]
fn audiences_of_many_values_have_numbers_of_their_own() {
    let pair = "[[pair]]\nof = [\"p\", \"q\"]\n";
    let all =
        |kind: &str| format!("{}{}{pair}", audience("p", "profile", 1), audience("q", kind, 2));
    let cuts = |plan: &Plan| -> Vec<u8> {
        let audiences = plan.register.audiences.iter().map(|it| it.cut);
        audiences.chain(plan.register.pairs.iter().map(|it| it.cut)).collect()
    };
    let first = applied(&all("level"), &Register::default(), 1);
    assert_eq!(cuts(&first), [1, 2, 3]);
    let large = applied(&all("establishment"), &first.register, 2);
    assert_eq!(cuts(&large), [1, 50, 51]);
    assert_eq!(large.changes.len(), 2);
    let back = applied(&all("academy"), &large.register, 3);
    assert_eq!(cuts(&back), [1, 4, 5]);
    // A pair is the same in either order, and keeps the order of its rows.
    let turned = all("academy").replace("[\"p\", \"q\"]", "[\"q\", \"p\"]");
    let turned = applied(&turned, &back.register, 4);
    assert_eq!((cuts(&turned), turned.changes), (vec![1, 4, 5], vec![]));
}

#[test]
fn numbers_of_audiences_run_out_with_a_clear_word() {
    let mut register = Register::default();
    for round in 0..49 {
        register = applied(&audience(&format!("a{round}"), "level", 1), &register, 1).register;
    }
    assert_eq!(register.audiences[0].cut, 49);
    let file = File::read(&audience("b", "level", 1)).unwrap();
    let refused = file.plan(&holding(&register), 1).unwrap_err();
    let said = say_all(&refused, Language::En);
    assert!(
        said.contains("a site may declare 49 audiences and pairs that are read by days"),
        "{said}"
    );
    let large = applied(&audience("b", "establishment", 1), &register, 1);
    assert_eq!(large.register.audiences[0].cut, 50);
}

#[test]
fn the_tracker_is_a_category_and_an_action() {
    let text = feature(
        "a",
        "{ tracker = \"x\" }, { tracker = \"y\", tracker-group = \"G\", name = \"n\" }",
    );
    let plan = applied(&text, &Register::default(), 1);
    let text = |it: &str| Some(it.to_owned());
    let rules = &plan.register.features[0].rules;
    assert_eq!(
        rules[..],
        [
            Rule { category: text("Fonctionnalité"), action: text("x"), ..Rule::default() },
            Rule { category: text("G"), action: text("y"), name: text("n"), page: None },
        ]
    );
    let written = File::of(&plan.register).write();
    assert!(
        written.contains(
            "{ tracker = \"x\" },\n  { category = \"G\", action = \"y\", name = \"n\" },"
        )
    );
}

#[test]
fn a_rule_shows_what_it_takes() {
    let event = |category: &str, action: &str, name: &str, uses| KnownEvent {
        category: category.into(),
        action: action.into(),
        name: name.into(),
        uses,
    };
    let events = [event("C", "a", "n", 3), event("C", "a", "m", 5), event("D", "a", "", 9)];
    let page = |path: &str, views| KnownPage { path: path.into(), views };
    let pages = [page("/quiz/~", 2), page("/quiz/fin", 4), page("/aide", 8)];
    let rule = |category: &str, page: &str| {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Rule { category: some(category), page: some(page), ..Rule::default() }
    };
    let found = preview(&rule("C", ""), &events, &pages);
    assert_eq!((found.events, found.total), (vec![events[1].clone(), events[0].clone()], 8));
    let found = preview(&rule("C", "/quiz/*"), &events, &pages);
    assert!(found.page_not_looked_at && found.pages.is_empty());
    let found = preview(&rule("", "/quiz/7"), &events, &pages);
    assert_eq!(found.pages, [pages[0].clone()], "what was replaced may have been 7");
    assert_eq!(preview(&rule("", "/quiz/**"), &events, &pages).total, 6);
    assert_eq!(preview(&Rule::default(), &events, &pages), Preview::default());
}

proptest! {
    #[test]
    fn no_text_is_too_odd_to_be_read(text in "\\PC{0,80}") {
        if let Err(problems) = File::read(&text) {
            prop_assert!(!problems.is_empty());
        }
    }

    /// Whatever is in a register, its file says the same.
    #[test]
    fn what_is_written_is_read_back(
        name in "[^\\s][\\PC\n\"\\\\]{0,20}[^\\s]", owner in "[\\PC\\t]{0,10}", action in "[a-z\"\\\\é]{1,8}", optional: bool, day in 0..40_000,
    ) {
        let (name, owner) = (name.trim().to_owned(), owner.trim().to_owned());
        let rule = Rule { action: Some(action), ..Rule::default() };
        let entry = |key: &str| FeatureEntry {
            key: key.into(),
            name: Named { fr: name.clone(), en: owner.clone() },
            owner: owner.clone(),
            released: Some(day),
            rules: vec![rule.clone(), Rule { page: Some("/x".into()), ..Rule::default() }],
            ..FeatureEntry::default()
        };
        let step = |feature: &str| FunnelStep { feature: feature.into(), optional };
        let funnel = FunnelEntry { line: None, key: "f".into(), name: Named::default(), steps: vec![step("a"), step("b")] };
        let file = File { features: vec![entry("a"), entry("b")], funnels: vec![funnel], ..File::default() };
        let mut read = File::read(&file.write()).unwrap();
        read.features.iter_mut().for_each(|it| it.line = None);
        read.funnels.iter_mut().for_each(|it| it.line = None);
        prop_assert_eq!(read, file);
    }
}

#[test]
fn a_feature_is_put_in_its_place() {
    let plan = applied(&feature("a", "{ category = \"A\" }"), &Register::default(), 1);
    let mut file = File::of(&plan.register);
    file.put(FeatureEntry {
        name: Named { fr: "Autre".into(), en: String::new() },
        ..file.features[0].clone()
    });
    file.put(FeatureEntry { key: "b".into(), ..file.features[0].clone() });
    let told: Vec<_> =
        file.features.iter().map(|it| (it.key.as_str(), it.name.fr.as_str())).collect();
    assert_eq!(told, [("a", "Autre"), ("b", "Autre")]);
    let plan = file.plan(&holding(&plan.register), 2).unwrap();
    let keys = |it: &Feature| (it.id, it.since);
    assert_eq!(plan.register.features.iter().map(keys).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
}
