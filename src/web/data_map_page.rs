//! The screen of the data map, and the list as a file for the register of the DPO.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Payload},
};
use tracing::error;

use super::{
    figures,
    label::{self, Outcome},
    pages::{Visitor, respond, see_other},
    state::State,
};
use crate::{
    dash::{self, DataMap, Labelled, MappedName},
    datamap::Kind,
    site::{Site, SiteId, date_of},
    store::{self, Role, StoredName},
};

const LARGEST_FORM: usize = 4 << 10;

fn away(problem: &store::Error, visitor: &Visitor, state: &State) -> HttpResponse {
    error!(error = %problem, "the data map could not be read or written");
    visitor.fail(state, StatusCode::SERVICE_UNAVAILABLE)
}

/// The names, with those of the last minute.
async fn names(state: &State, site: SiteId) -> Result<Vec<StoredName>, store::Error> {
    state.write_names().await?;
    state.store.names(site).await
}

/// GET /data-map
pub(super) async fn page(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    let known = match visitor.site(&request, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let told = match visitor.query.get("done") {
        Some(_) => Labelled::Done,
        None => Labelled::Nothing,
    };
    show(&known.site, told, StatusCode::OK, &visitor, &state).await
}

async fn show(
    site: &Site,
    told: Labelled,
    status: StatusCode,
    visitor: &Visitor,
    state: &State,
) -> HttpResponse {
    let names = match names(state, site.id).await {
        Ok(names) => names,
        Err(problem) => return away(&problem, visitor, state),
    };
    let mapped = |it: &StoredName| MappedName {
        id: it.id,
        kind: it.kind.as_str(),
        name: label::shown(it),
        is_shape: it.is_shape,
        label: match label::of(site, it) {
            label::Label::Protected => dash::Label::Protected,
            label::Label::Trace => dash::Label::Trace,
            label::Label::Noise => dash::Label::Noise,
        },
        may_be_kept: !it.is_shape && it.kind != Kind::Parameter,
        seen: it.seen,
        first: it.first,
        last: it.last,
    };
    let may_label = visitor.may(site.id, Role::Write);
    let map = DataMap {
        site: figures::name(site),
        names: names.iter().map(mapped).collect(),
        may_label,
        told,
    };
    respond(status, state.templates.render_data_map(&map, &visitor.reader()))
}

/// POST /data-map
pub(super) async fn send(
    request: HttpRequest,
    payload: Payload,
    state: Data<State>,
) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    let known = match visitor.site(&request, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let id = known.site.id;
    if !visitor.may(id, Role::Write) {
        return visitor.fail(&state, StatusCode::FORBIDDEN);
    }
    let form = match visitor.form(&request, payload, LARGEST_FORM, &state).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    let name = form.get("name").and_then(|it| it.parse().ok());
    let wanted = form.get("label").and_then(label::Label::parse);
    let (Some(name), Some(wanted)) = (name, wanted) else {
        return visitor.fail(&state, StatusCode::BAD_REQUEST);
    };
    let told = match label::set(&state, id, name, wanted).await {
        Ok(Outcome::Done) => {
            let lang = visitor.lang_in_query();
            return see_other(&format!("/data-map?site={id}&done=1{lang}"));
        }
        Ok(Outcome::Nothing) => return visitor.fail(&state, StatusCode::NOT_FOUND),
        Ok(Outcome::EventFirst) => Labelled::EventFirst,
        Ok(Outcome::Declared) => Labelled::Declared,
        Ok(Outcome::Shape | Outcome::Parameter | Outcome::KeepsAll) => Labelled::NotPossible,
        Err(problem) => return away(&problem, &visitor, &state),
    };
    show(&known.site, told, StatusCode::CONFLICT, &visitor, &state).await
}

/// GET /data-map.csv
pub(super) async fn csv(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let visitor = Visitor::of(&request, &state).await;
    let known = match visitor.site(&request, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let names = match names(&state, known.site.id).await {
        Ok(names) => names,
        Err(problem) => return away(&problem, &visitor, &state),
    };
    let mut text = "kind,name,is_shape,label,seen,first,last\r\n".to_owned();
    for it in &names {
        let fields = [
            it.kind.as_str().to_owned(),
            quoted(&label::shown(it)),
            u8::from(it.is_shape).to_string(),
            label::of(&known.site, it).as_str().to_owned(),
            it.seen.to_string(),
            date_of(it.first).to_string(),
            date_of(it.last).to_string(),
        ];
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    let name = format!("attachment; filename=\"cartographie-{}.csv\"", known.site.id);
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(text)
}

/// A field as spreadsheets read it; a formula is none.
fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
}
