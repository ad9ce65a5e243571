//! The features and audiences of the national year, as a file of `padoqe features`.

/// A register of so many features, by the cuts that `year.sql` writes.
pub(super) fn toml(features: u32) -> String {
    // The first table of the file's own values.
    let mut text = "version = 1\n\n".to_owned();
    for n in 1..=features {
        let group = ["Création", "Diffusion", "Réponse", "Correction", "Catalogue"];
        let group = group.get(n as usize % 5).copied().unwrap_or_default();
        text.push_str(&format!(
            "[[feature]]\nkey = \"f{n}\"\nname = {{ fr = \"Fonction {n}\", en = \"Feature {n}\" }}\ngroup = \"{group}\"\nrules = [{{ category = \"{group}\", action = \"f{n}\" }}]\n\n"
        ));
    }
    text.push_str(include_str!("audiences.toml"));
    text
}
