//! The screens of the register: what is declared, the file, the form of one feature.
//!
//! Who may write to a site sees them. Forms are taken from these pages only, see `pages::Visitor::form`.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Payload},
};
use tracing::error;

use super::{
    declare::{self, Outcome},
    figures,
    names::{self, names},
    pages::{Visitor, respond, see_other},
    state::{KnownSite, State},
};
use crate::{
    collect::Params,
    dash::{FeatureForm, RegisterPage, Told, Tried},
    register::{Change, FeatureEntry, File, Problem, preview},
    site::{self, Named, Rule, Site, SiteId},
    store::{self, Role},
};

/// A file of many features.
const LARGEST_FORM: usize = 1 << 20;
/// Rules of a feature that the form takes.
const MOST_RULES: usize = 50;

/// The site that is asked about, where whoever asks may write to it; else what to answer.
async fn writable(
    request: &HttpRequest,
    visitor: &Visitor,
    state: &State,
) -> Result<Arc<KnownSite>, HttpResponse> {
    let known = visitor.site(request, state).await?;
    if !visitor.may(known.site.id, Role::Write) {
        return Err(visitor.fail(state, StatusCode::FORBIDDEN));
    }
    Ok(known)
}

fn away(problem: &store::Error, visitor: &Visitor, state: &State) -> HttpResponse {
    error!(error = %problem, "the register could not be read or written");
    visitor.fail(state, StatusCode::SERVICE_UNAVAILABLE)
}

fn login(visitor: &Visitor) -> &str {
    visitor.account.as_ref().map_or("", |it| &it.login)
}

/// GET /features/register
pub(super) async fn list(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    let known = match writable(&request, &visitor, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let told = if visitor.query.get("applied").is_some() { Told::Applied } else { Told::Nothing };
    let file = File::of(&known.site.register).write();
    show_list(&known.site, file, told, StatusCode::OK, &visitor, &state)
}

fn show_list(
    site: &Site,
    file: String,
    told: Told,
    status: StatusCode,
    visitor: &Visitor,
    state: &State,
) -> HttpResponse {
    let register = (*site.register).clone();
    let page = RegisterPage { site: figures::name(site), register, file, told };
    respond(status, state.templates.render_register(&page, &visitor.reader()))
}

/// GET /features/register.toml
pub(super) async fn file(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    match writable(&request, &visitor, &state).await {
        Ok(known) => {
            let name = format!("attachment; filename=\"fonctionnalites-{}.toml\"", known.site.id);
            HttpResponse::Ok()
                .content_type("application/toml; charset=utf-8")
                .insert_header((header::CONTENT_DISPOSITION, name))
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .body(File::of(&known.site.register).write())
        }
        Err(answer) => answer,
    }
}

/// POST /features/register: what a file would change, or applying it.
pub(super) async fn send_file(
    request: HttpRequest,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    let known = match writable(&request, &visitor, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let form = match visitor.form(&request, payload, LARGEST_FORM, &state).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    let text = form.get("register").unwrap_or_default().replace("\r\n", "\n");
    let apply = form.get("do") == Some("apply");
    let outcome = if apply {
        let read = |_: &Site| File::read(&text);
        match declare::apply(&state, known.site.id, login(&visitor), read).await {
            Ok(outcome) => outcome,
            Err(problem) => return away(&problem, &visitor, &state),
        }
    } else {
        match File::read(&text) {
            Ok(file) => declare::plan(&state, &known.site, &file),
            Err(problems) => Outcome::Wrong(problems),
        }
    };
    let language = visitor.chosen.lang.of_register();
    let (told, status) = match outcome {
        Outcome::Fine(_) if apply => return see_other(&applied(known.site.id, &visitor)),
        Outcome::Fine(plan) => {
            let line = |it: &Change| it.say(language);
            (Told::Plan(plan.changes.iter().map(line).collect()), StatusCode::OK)
        }
        Outcome::Wrong(problems) => {
            let line = |it: &Problem| it.say(language);
            let lines = problems.iter().map(line).collect();
            (Told::Problems(lines), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Outcome::Overtaken => (Told::Overtaken, StatusCode::CONFLICT),
    };
    show_list(&known.site, text, told, status, &visitor, &state)
}

/// The list, which then says that something was applied.
fn applied(site: SiteId, visitor: &Visitor) -> String {
    format!("/features/register?site={site}&applied=1{}", visitor.lang_in_query())
}

/// GET /features/register/edit
pub(super) async fn form(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    let known = match writable(&request, &visitor, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let mut form = FeatureForm::default();
    if let Some(key) = visitor.query.get("key") {
        let declared = File::of(&known.site.register);
        let Some(entry) = declared.features.into_iter().find(|it| it.key == key) else {
            return visitor.fail(&state, StatusCode::NOT_FOUND);
        };
        form.known = true;
        form.released = entry.released.map(|it| site::date_of(it).to_string()).unwrap_or_default();
        form.entry = entry;
    } else {
        form.entry.rules.push(Rule::default());
    }
    show_form(form, false, &known.site, StatusCode::OK, &visitor, &state).await
}

/// POST /features/register/edit: trying rules, saving or taking out a feature.
pub(super) async fn send_form(
    request: HttpRequest,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    let known = match writable(&request, &visitor, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let params = match visitor.form(&request, payload, LARGEST_FORM, &state).await {
        Ok(params) => params,
        Err(answer) => return answer,
    };
    let key = visitor.query.get("key");
    let there = |key: &str| known.site.register.feature_of_key(key).is_some();
    if key.is_some_and(|key| !there(key)) {
        return visitor.fail(&state, StatusCode::NOT_FOUND);
    }
    let (mut form, date_is_wrong) = filled(&params, key);
    let wish = params.get("do").unwrap_or_default();
    match wish {
        "more" => form.entry.rules.push(Rule::default()),
        "remove" if form.known => form.removing = true,
        "save" | "really-remove" => {
            let wished = Wish { wish, entry: &form.entry, known: form.known, date_is_wrong };
            let file_of = |site: &Site| wished.file(site);
            let done = declare::apply(&state, known.site.id, login(&visitor), file_of).await;
            let status = match done {
                Ok(Outcome::Fine(_)) => return see_other(&applied(known.site.id, &visitor)),
                Ok(Outcome::Wrong(problems)) => {
                    let language = visitor.chosen.lang.of_register();
                    form.problems = problems.iter().map(|it| it.say(language)).collect();
                    StatusCode::UNPROCESSABLE_ENTITY
                }
                Ok(Outcome::Overtaken) => {
                    form.overtaken = true;
                    StatusCode::CONFLICT
                }
                Err(problem) => return away(&problem, &visitor, &state),
            };
            return show_form(form, true, &known.site, status, &visitor, &state).await;
        }
        _ => (),
    }
    if form.removing {
        // What was typed does not matter any more: what is declared is shown.
        let declared = File::of(&known.site.register);
        if let Some(entry) = declared.features.into_iter().find(|it| Some(it.key.as_str()) == key) {
            let day = entry.released.map(|it| site::date_of(it).to_string());
            form.released = day.unwrap_or_default();
            form.entry = entry;
        }
    }
    show_form(form, true, &known.site, StatusCode::OK, &visitor, &state).await
}

/// What is wished about one feature.
struct Wish<'a> {
    wish: &'a str,
    entry: &'a FeatureEntry,
    known: bool,
    date_is_wrong: bool,
}

impl Wish<'_> {
    /// The file that says so.
    fn file(&self, site: &Site) -> Result<File, Vec<Problem>> {
        let mut file = File::of(&site.register);
        if self.wish == "really-remove" {
            file.features.retain(|it| it.key != self.entry.key);
            return Ok(file);
        }
        if self.date_is_wrong {
            return Err(vec![Problem::wrong_date(&self.entry.key)]);
        }
        let mut entry = self.entry.clone();
        entry.rules.retain(|it| *it != Rule::default());
        if self.known {
            file.put(entry);
        } else {
            // Beside one of the same key it is refused.
            file.features.push(entry);
        }
        Ok(file)
    }
}

/// The form as it was filled in, and whether its date is none.
fn filled(params: &Params<'_>, key: Option<&str>) -> (FeatureForm, bool) {
    let text = |name: &str| params.get(name).unwrap_or_default().trim().replace("\r\n", "\n");
    let released = text("released");
    let date = released.parse().ok().map(site::number_of);
    let date_is_wrong = date.is_none() && !released.is_empty();
    let rule = |at: usize| {
        let field = |name: &str| Some(text(&format!("{name}{at}"))).filter(|it| !it.is_empty());
        let told = params.get(&format!("category{at}")).is_some();
        told.then(|| Rule {
            category: field("category"),
            action: field("action"),
            name: field("name"),
            page: field("page"),
        })
    };
    let entry = FeatureEntry {
        line: None,
        key: key.map_or_else(|| text("key"), str::to_owned),
        name: Named { fr: text("name_fr"), en: text("name_en") },
        group: text("group"),
        owner: text("owner"),
        description: text("description"),
        released: date,
        rules: (1..=MOST_RULES).map_while(rule).collect(),
    };
    (FeatureForm { known: key.is_some(), entry, released, ..FeatureForm::default() }, date_is_wrong)
}

async fn show_form(
    mut form: FeatureForm,
    tried: bool,
    site: &Site,
    status: StatusCode,
    visitor: &Visitor,
    state: &State,
) -> HttpResponse {
    let known = match names(state, site).await {
        Ok(known) => known,
        Err(problem) => return away(&problem, visitor, state),
    };
    if form.entry.rules.is_empty() {
        form.entry.rules.push(Rule::default());
    }
    if tried {
        let try_one = |rule: &Rule| {
            if *rule == Rule::default() {
                return Tried::Nothing;
            }
            Tried::Found(preview(rule, &known.events, &known.pages))
        };
        form.tried = form.entry.rules.iter().map(try_one).collect();
    }
    form.site = figures::name(site);
    form.events = known.events;
    form.pages = known.pages;
    form.days = names::DAYS.unsigned_abs();
    respond(status, state.templates.render_feature_form(&form, &visitor.reader()))
}
