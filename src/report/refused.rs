//! Methods that are not answered on purpose, each with the reason that its caller is told.

/// What one visit or one person did: there is no such thing to tell.
const NO_PERSON: &str = "PADOQE keeps no visits, visitors or user ids, only counts of them: nobody can be shown. Please use the reports of visits, actions and events instead.";

const NO_DEVICE: &str = "PADOQE keeps browsers, systems and screen sizes apart: together they would recognise somebody. Please use DevicesDetection.getBrowsers, DevicesDetection.getOsFamilies and Resolution.getResolution.";

const NO_SHOP: &str = "PADOQE measures no sales: orders, carts and products are not collected.";

const NO_PERSONAL_DATA: &str = "PADOQE keeps no personal data that could be found, exported or deleted: identifiers are dropped before anything is written.";

const NO_SERVER_TASK: &str = "PADOQE has no such thing: reports are up to date at any time, there is nothing to archive or to schedule.";

const NO_OUTSIDE: &str = "PADOQE asks no other server for anything.";

const NO_SCREEN: &str = "These are texts of a screen of Matomo. The figures are in Transitions.getTransitionsForAction.";

const NO_ADVICE: &str =
    "PADOQE makes no such list: the evolution of a row is in API.getRowEvolution.";

const NO_TAGS: &str = "PADOQE manages no tags: pages say what they measure themselves.";

const NO_ADDRESS: &str = "PADOQE does not tell addresses, not even yours.";

/// Whole modules and single methods that are refused; `Module.*` is every method that is not answered.
pub const REFUSED: &[(&str, &str)] = &[
    ("Live.*", NO_PERSON),
    ("UserId.*", NO_PERSON),
    ("Overlay.*", NO_PERSON),
    ("Resolution.getConfiguration", NO_DEVICE),
    ("Transitions.getTranslations", NO_SCREEN),
    ("Insights.*", NO_ADVICE),
    ("TagManager.*", NO_TAGS),
    ("Goals.getItemsSku", NO_SHOP),
    ("Goals.getItemsName", NO_SHOP),
    ("Goals.getItemsCategory", NO_SHOP),
    ("Ecommerce.*", NO_SHOP),
    ("PrivacyManager.*", NO_PERSONAL_DATA),
    ("CoreAdminHome.*", NO_SERVER_TASK),
    ("ScheduledReports.*", NO_SERVER_TASK),
    ("MobileMessaging.*", NO_SERVER_TASK),
    ("SEO.*", NO_OUTSIDE),
    ("Marketplace.*", NO_OUTSIDE),
    ("API.getIpFromHeader", NO_ADDRESS),
];

/// Why a method is not answered, if that is on purpose.
pub fn reason(module: &str, action: &str) -> Option<&'static str> {
    let is_it = |pattern: &str| match pattern.split_once('.') {
        Some((of_module, "*")) => of_module == module,
        Some(single) => single == (module, action),
        None => false,
    };
    REFUSED.iter().find(|(pattern, _)| is_it(pattern)).map(|(_, reason)| *reason)
}
