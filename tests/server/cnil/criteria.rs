//! What each criterion asks, what holds it, and who answers for what no test can tell.

use super::{checks, scene::Scene};

pub(super) struct Criterion {
    pub(super) number: u32,
    pub(super) asks: &'static str,
    pub(super) held: &'static str,
    /// Empty: nothing.
    pub(super) left: &'static str,
    pub(super) check: Option<fn(&Scene)>,
}

const fn criterion(
    number: u32,
    asks: &'static str,
    held: &'static str,
    check: Option<fn(&Scene)>,
    left: &'static str,
) -> Criterion {
    Criterion { number, asks, held, left, check }
}

pub(super) const CRITERIA: &[Criterion] = &[
    criterion(
        1,
        "Finalités limitées : performance, navigation, ergonomie et technique, dimensionnement, contenus consultés",
        "aucune fonction d’une autre finalité n’est offerte (publicité, profilage, personnalisation) ; la finalité de chaque nom mesuré n’est pas enregistrée par le logiciel",
        None,
        "responsable de traitement : la finalité de chaque événement et de chaque page listés, au registre",
    ),
    criterion(
        2,
        "Pas de marketing : ni campagnes, ni canaux, ni ventes",
        "les paramètres de campagne et d’annonceur sont ôtés avant l’écriture, les ventes ne sont pas comptées, les rapports de campagnes sont vides",
        Some(checks::no_marketing),
        "responsable de traitement : pas de test A/B qui serve des contenus différents",
    ),
    criterion(
        3,
        "Pour le seul compte de l’éditeur",
        "le logiciel est installé chez l’éditeur et n’envoie rien (CNIL-20) ; aucune comparaison entre éditeurs n’existe",
        None,
        "responsable de traitement : contrat de l’article 28 si un tiers héberge ; base légale de la communication aux chefs d’établissement et aux académies (CNIL-13)",
    ),
    criterion(
        4,
        "Trois types d’événements : page vue, interaction, performance",
        "un événement qui n’est pas listé ne garde aucun nom et compte comme suite de la visite ; contenus et recherches ne gardent pas de texte",
        Some(checks::listed_interactions),
        "responsable de traitement : n’inscrire à la liste que des interactions ; le texte exact du critère n’a pu être lu à la source",
    ),
    criterion(
        5,
        "En-têtes réduits : famille et version majeure, type d’appareil sans modèle, écran absent ou grossier",
        "étapes `major-versions` et `coarse-resolution` ; l’agent n’est écrit nulle part ; ni marque ni modèle",
        Some(checks::coarse_agents),
        "",
    ),
    criterion(
        6,
        "Site référent réduit à son nom",
        "étape `referrer-host` ; mots cherchés ailleurs ôtés",
        Some(checks::referrer_hosts),
        "",
    ),
    criterion(
        7,
        "Pas de donnée personnelle dans les adresses, titres et noms",
        "n’est écrit que ce qui est listé : paramètres, titres, noms, valeurs de dimensions ; les courriels sont coupés de tout texte ; le disque est fouillé",
        Some(checks::no_personal_texts),
        "responsable de traitement : ne rien lister qui nomme une personne, et lister les chemins du site",
    ),
    criterion(
        8,
        "Adresse IP : en mémoire seulement, au moins un octet ôté",
        "deux octets ôtés avant toute recherche de pays ; aucune adresse n’est écrite ; l’essai les cherche en toutes lettres sur le disque, le masquage a les siens",
        Some(checks::no_addresses),
        "exploitant : les journaux d’un serveur mandataire placé devant PADOQE",
    ),
    criterion(
        9,
        "Lieu : la ville au plus",
        "le pays au plus, d’après l’adresse masquée ; ville, région et coordonnées envoyées sont ignorées",
        Some(checks::countries_at_most),
        "",
    ),
    criterion(
        10,
        "Aucun suivi d’un site à l’autre",
        "une clé aléatoire par site, dont aucune ne dérive d’une autre ; pas de cookie ; le lien entre domaines (`pk_vid`) est ôté",
        Some(checks::keys_of_sites),
        "responsable de traitement : n’envoyer comme identifiant d’utilisateur rien qui serve ailleurs",
    ),
    criterion(
        11,
        "Une empreinte doit dépendre du domaine et du temps",
        "clé du site et du jour ; l’essai compare celles de deux jours ; leur destruction, une heure après la fin du jour, a les siens",
        Some(checks::keys_of_days),
        "",
    ),
    criterion(
        12,
        "Pas de rapprochement avec d’autres traitements",
        "aucune colonne ne désigne un visiteur ; aucune exportation n’a de clé de personne",
        Some(checks::no_keys_of_persons),
        "exploitant : aucun droit de la base de PADOQE sur celle des comptes",
    ),
    criterion(
        13,
        "Statistiques anonymes seulement, arrondies à la dizaine",
        "hors de l’équipe du site : 11 personnes au moins, dominance de 85 %, secret secondaire, arrondi à dix, décidés une fois le mois fini (`tests/attacker` tente de retrouver ce qui est masqué)",
        Some(checks::published_figures),
        "responsable de traitement : qui est de l’équipe du site, qui voit les chiffres exacts ; étude de réidentification à la revue annuelle",
    ),
    criterion(
        14,
        "Aucun parcours individuel",
        "journal des visites, profils, identifiants et chemins n’existent pas : les méthodes disent pourquoi",
        Some(checks::no_single_ways),
        "",
    ),
    criterion(
        15,
        "Segments limités",
        "une liste de noms permis ; au régime `exempt` sans heures, minutes, secondes ni écran, et seulement s’ils furent déclarés d’avance",
        Some(checks::segments),
        "",
    ),
    criterion(
        16,
        "Informer, et laisser s’opposer facilement et durablement",
        "page `/opt-out` sans script ; cookie de refus, « Do Not Track » et « Global Privacy Control » : rien n’est compté",
        Some(checks::refusal),
        "responsable de traitement : mention d’information, en termes clairs pour des enfants aussi ; registre de l’article 30",
    ),
    criterion(
        17,
        "Traceur de 13 mois au plus, sans prolongation",
        "le serveur ne pose aucun cookie de mesure ; le cookie de refus vit 13 mois",
        Some(checks::cookies),
        "ce que garde l’appareil est décrit dans confidentialite.md",
    ),
    criterion(
        18,
        "Données de 25 mois au plus",
        "chiffres effacés au bout de 25 mois, quoi que demande la configuration",
        Some(checks::months),
        "exploitant : durée des sauvegardes de la base",
    ),
    criterion(
        19,
        "Durées revues périodiquement",
        "la revue datée ci-dessous fait échouer les essais au bout de douze mois",
        Some(checks::review),
        "responsable de traitement, avec le délégué : faire la revue",
    ),
    criterion(
        20,
        "Aucun transfert à des tiers",
        "aucune connexion vers l’extérieur au moment de l’essai ; les pages de connexion et de refus ne demandent rien ailleurs",
        Some(checks::nothing_elsewhere),
        "exploitant : interdire les connexions sortantes, par précaution",
    ),
    criterion(
        21,
        "Sites indépendants les uns des autres",
        "droits par site ; clés et chiffres par site",
        Some(checks::sites_apart),
        "",
    ),
];
