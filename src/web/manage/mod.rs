//! The Reporting API's methods that change or list what is measured and who may see it.

mod data_map;
mod dimensions;
mod features;
mod goals;
mod notes;
mod people;
mod published;
mod segments;
mod sites;

use std::sync::Arc;

pub(super) use people::app_token;
pub(super) use published::{PublishedRow, own_places, rows as published_rows};

use super::state::State;
use crate::{
    report::{Params, Refusal, Value},
    site::{Site, SiteId},
    store::{Account, Role},
};

/// What a management method gives back.
pub(super) enum Managed {
    Value(Value),
    /// It is done, and there is nothing to tell.
    Done,
    /// It is no management method.
    Unknown,
}

/// Who asks what.
pub(super) struct Asker<'a> {
    pub(super) account: &'a Account,
    pub(super) params: &'a Params,
}

/// Who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Whoever has a token, or, for the one method that makes tokens, a password.
    Anyone,
    /// Whoever has that role on the site that is asked about.
    View,
    Write,
    Admin,
    Superuser,
}

/// Every method that is answered here, and who may call it.
pub const MANAGED: &[(&str, May)] = &[
    ("API.getSegmentsMetadata", May::View),
    ("API.getSuggestedValuesForSegment", May::View),
    ("Annotations.add", May::Write),
    ("Annotations.delete", May::Write),
    ("Annotations.deleteAll", May::Superuser),
    ("Annotations.get", May::View),
    ("Annotations.getAll", May::View),
    ("Annotations.getAnnotationCountForDates", May::View),
    ("Annotations.save", May::Write),
    ("CustomDimensions.configureExistingCustomDimension", May::Write),
    ("CustomDimensions.configureNewCustomDimension", May::Write),
    ("CustomDimensions.getAvailableExtractionDimensions", May::Anyone),
    ("CustomDimensions.getAvailableScopes", May::View),
    ("CustomDimensions.getConfiguredCustomDimensions", May::View),
    ("CustomDimensions.getConfiguredCustomDimensionsHavingScope", May::View),
    ("DataMap.get", May::View),
    ("DataMap.label", May::Write),
    ("Features.apply", May::Write),
    ("Features.getPublished", May::Anyone),
    ("Features.getRegister", May::View),
    ("Features.plan", May::Write),
    ("Features.preview", May::Write),
    ("Goals.addGoal", May::Write),
    ("Goals.deleteGoal", May::Write),
    ("Goals.getGoal", May::View),
    ("Goals.getGoals", May::View),
    ("Goals.updateGoal", May::Write),
    ("Scopes.get", May::Admin),
    ("Scopes.set", May::Admin),
    ("SegmentEditor.add", May::Write),
    ("SegmentEditor.delete", May::Superuser),
    ("SegmentEditor.get", May::Superuser),
    ("SegmentEditor.getAll", May::View),
    ("SegmentEditor.isUserCanAddNewSegment", May::Anyone),
    ("SegmentEditor.update", May::Superuser),
    ("SitesManager.addSite", May::Superuser),
    ("SitesManager.deleteSite", May::Superuser),
    ("SitesManager.getAllSites", May::Superuser),
    ("SitesManager.getAllSitesId", May::Superuser),
    ("SitesManager.getCurrencyList", May::Anyone),
    ("SitesManager.getCurrencySymbols", May::Anyone),
    ("SitesManager.getDefaultCurrency", May::Anyone),
    ("SitesManager.getDefaultTimezone", May::Anyone),
    ("SitesManager.getExcludedIpsGlobal", May::Anyone),
    ("SitesManager.getExcludedQueryParameters", May::View),
    ("SitesManager.getExcludedQueryParametersGlobal", May::Anyone),
    ("SitesManager.getExcludedReferrersGlobal", May::Anyone),
    ("SitesManager.getExcludedUserAgentsGlobal", May::Anyone),
    ("SitesManager.getJavascriptTag", May::View),
    ("SitesManager.getKeepURLFragmentsGlobal", May::Anyone),
    ("SitesManager.getNumWebsitesToDisplayPerPage", May::Anyone),
    ("SitesManager.getPatternMatchSites", May::Anyone),
    ("SitesManager.getSearchCategoryParametersGlobal", May::Anyone),
    ("SitesManager.getSearchKeywordParametersGlobal", May::Anyone),
    ("SitesManager.getSiteFromId", May::View),
    ("SitesManager.getSiteUrlsFromId", May::View),
    ("SitesManager.getSitesFromGroup", May::Superuser),
    ("SitesManager.getSitesGroups", May::Superuser),
    ("SitesManager.getSitesIdFromSiteUrl", May::Anyone),
    ("SitesManager.getSitesIdWithAdminAccess", May::Anyone),
    ("SitesManager.getSitesIdWithAtLeastViewAccess", May::Anyone),
    ("SitesManager.getSitesIdWithViewAccess", May::Anyone),
    ("SitesManager.getSitesIdWithWriteAccess", May::Anyone),
    ("SitesManager.getSitesWithAdminAccess", May::Anyone),
    ("SitesManager.getSitesWithAtLeastViewAccess", May::Anyone),
    ("SitesManager.getSitesWithViewAccess", May::Anyone),
    ("SitesManager.getTimezonesList", May::Anyone),
    ("SitesManager.getUniqueSiteTimezones", May::Anyone),
    ("SitesManager.updateSite", May::Admin),
    ("UsersManager.addUser", May::Superuser),
    ("UsersManager.createAppSpecificTokenAuth", May::Anyone),
    ("UsersManager.deleteUser", May::Superuser),
    ("UsersManager.getAvailableRoles", May::Anyone),
    ("UsersManager.getSitesAccessFromUser", May::Superuser),
    ("UsersManager.getUser", May::Superuser),
    ("UsersManager.getUserPreference", May::Anyone),
    ("UsersManager.getUsers", May::Superuser),
    ("UsersManager.getUsersAccessFromSite", May::Admin),
    ("UsersManager.getUsersHavingSuperUserAccess", May::Superuser),
    ("UsersManager.getUsersLogin", May::Superuser),
    ("UsersManager.getUsersWithSiteAccess", May::Admin),
    ("UsersManager.hasSuperUserAccess", May::Anyone),
    ("UsersManager.setSuperUserAccess", May::Superuser),
    ("UsersManager.setUserAccess", May::Superuser),
    ("UsersManager.updateUser", May::Superuser),
    ("UsersManager.userExists", May::Superuser),
];

/// Answers a management method.
///
/// # Errors
/// Who asks may not, a parameter is missing or wrong, or the database is away.
pub(super) async fn manage(
    method: &str,
    asker: &Asker<'_>,
    state: &State,
) -> Result<Managed, Refusal> {
    let Some((_, may)) = MANAGED.iter().find(|(it, _)| *it == method) else {
        return Ok(Managed::Unknown);
    };
    asker.must(*may)?;
    let (module, action) = method.split_once('.').unwrap_or_default();
    match module {
        "SitesManager" => sites::answer(action, asker, state).await,
        "Goals" => goals::answer(action, asker, state).await,
        "Features" if action == "getPublished" => published::get(asker, state).await,
        "DataMap" => data_map::answer(action, asker, state).await,
        "Features" => features::answer(action, asker, state).await,
        "CustomDimensions" => dimensions::answer(action, asker, state).await,
        "UsersManager" => people::answer(action, asker, state).await,
        "Scopes" => published::scopes(action, asker, state).await,
        "Annotations" => notes::answer(action, asker, state).await,
        "SegmentEditor" | "API" => segments::answer(method, asker, state).await,
        _ => Ok(Managed::Unknown),
    }
}

impl Asker<'_> {
    /// Refuses who may not.
    fn must(&self, may: May) -> Result<(), Refusal> {
        let role = match may {
            _ if self.account.superuser => return Ok(()),
            May::Anyone => return Ok(()),
            May::Superuser => {
                return Err(Refusal::no_access(
                    "You can't access this resource as it requires a 'superuser' access.",
                ));
            }
            May::View => Role::View,
            May::Write => Role::Write,
            May::Admin => Role::Admin,
        };
        let mut asked = self.params.names("idSite");
        asked.extend(self.params.names("idSites"));
        if asked.is_empty() {
            return Err(Refusal::missing("idSite"));
        }
        for id in asked {
            let number: Option<SiteId> = id.parse().ok();
            if !number.is_some_and(|site| self.account.may(site, role)) {
                return Err(Refusal::no_role(role.as_str(), &id));
            }
        }
        Ok(())
    }

    /// The site that is asked about.
    async fn site(&self, state: &State) -> Result<Arc<Site>, Refusal> {
        let asked = required(self.params, "idSite")?;
        let known = match asked.parse().ok() {
            Some(id) => state.site(id).await,
            None => None,
        };
        known.map(|known| Arc::clone(&known.site)).ok_or_else(|| Refusal::no_view(asked))
    }
}

fn required<'a>(params: &'a Params, name: &str) -> Result<&'a str, Refusal> {
    params.get(name).ok_or_else(|| Refusal::missing(name))
}

fn away(error: &crate::store::Error) -> Refusal {
    Refusal::new(format!("Nothing was changed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(roles: &[(SiteId, Role)], may: May, site: &str) -> String {
        let account = Account {
            superuser: false,
            roles: roles.iter().copied().collect(),
            ..Account::of_no_name()
        };
        let params = Params::new([("idSite".to_owned(), site.to_owned())]);
        let asker = Asker { account: &account, params: &params };
        asker.must(may).err().map(|refusal| refusal.message).unwrap_or_default()
    }

    #[test]
    fn a_role_counts_on_its_sites_only() {
        let roles = [(1, Role::View), (2, Role::Write)];
        assert_eq!(refusal(&roles, May::View, "1,2"), "");
        assert_eq!(refusal(&roles, May::Write, "2"), "");
        assert_eq!(
            refusal(&roles, May::Write, "2,1"),
            "You can't access this resource as it requires 'write' access for the website id = 1."
        );
        assert!(refusal(&roles, May::View, "all").contains("'view' access"));
        assert!(refusal(&roles, May::Superuser, "1").contains("a 'superuser' access"));
    }

    #[test]
    fn a_site_named_in_two_ways_is_looked_at_twice() {
        let account =
            Account { superuser: false, roles: [(1, Role::Write)].into(), ..Account::of_no_name() };
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let params = Params::new([("idSite[]", "1"), ("idSite", "2")].map(pair));
        let asker = Asker { account: &account, params: &params };
        assert!(asker.must(May::Write).is_err());
    }

    #[test]
    fn methods_are_listed_once_and_in_order() {
        assert!(MANAGED.is_sorted_by(|(a, _), (b, _)| a < b));
    }
}
