//! Which column of the file is which.

use anyhow::{Result, bail};

use crate::school::folded;

/// A column that is read; all others, phones and mails among them, are not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Uai,
    Name,
    Type,
    Nature,
    Sector,
    DepartmentCode,
    AcademyCode,
    AcademyName,
    Nursery,
    Elementary,
    General,
    Technological,
    Vocational,
    Opened,
    Updated,
    State,
}

/// The official names of columns, in the order of `Column`.
const NAMES: [&str; 16] = [
    "Identifiant_de_l_etablissement",
    "Nom_etablissement",
    "Type_etablissement",
    "libelle_nature",
    "Statut_public_prive",
    "Code_departement",
    "Code_academie",
    "Libelle_academie",
    "Ecole_maternelle",
    "Ecole_elementaire",
    "Voie_generale",
    "Voie_technologique",
    "Voie_professionnelle",
    "date_ouverture",
    "date_maj_ligne",
    "etat",
];

/// Where each column is.
#[derive(Debug)]
pub(super) struct Columns {
    places: [Option<usize>; NAMES.len()],
    /// How many cells a line has.
    pub(super) cells: usize,
}

impl Columns {
    /// Reads the first line of the file. Case, accents and underlines do not count.
    ///
    /// # Errors
    /// Which columns are missing.
    pub(super) fn read<'a>(head: impl Iterator<Item = &'a str>) -> Result<Self> {
        let head: Vec<String> = head.map(folded).collect();
        let places = NAMES.map(|name| head.iter().position(|it| *it == folded(name)));
        let columns = Self { places, cells: head.len() };
        let mut missing: Vec<&str> = [Column::Uai, Column::Name, Column::Type]
            .into_iter()
            .filter(|it| columns.place(*it).is_none())
            .filter_map(|it| NAMES.get(it as usize).copied())
            .collect();
        if columns.place(Column::AcademyCode).is_none()
            && columns.place(Column::AcademyName).is_none()
            && columns.place(Column::DepartmentCode).is_none()
        {
            missing.push("Code_academie");
        }
        if !missing.is_empty() {
            bail!(
                "the first line has no column {}: is it the CSV export of the data set fr-en-annuaire-education, separated by semicolons?",
                missing.join(", ")
            );
        }
        Ok(columns)
    }

    /// Where a column is; none where the file does not have it.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column as usize).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let head = [
            "Telephone",
            "nom_etablissement",
            "Code académie",
            "TYPE_ETABLISSEMENT",
            "Identifiant_de_l_etablissement",
        ];
        let columns = Columns::read(head.into_iter()).unwrap();
        assert_eq!(columns.place(Column::Uai), Some(4));
        assert_eq!(columns.place(Column::AcademyCode), Some(2));
        assert_eq!(columns.place(Column::State), None);
        assert_eq!(columns.cells, 5);
    }

    #[test]
    fn missing_columns_are_named() {
        let error =
            Columns::read(["Nom_etablissement", "UAI"].into_iter()).unwrap_err().to_string();
        for name in ["Identifiant_de_l_etablissement", "Type_etablissement", "Code_academie"] {
            assert!(error.contains(name), "{error}");
        }
        assert!(!error.contains("Nom_etablissement"), "{error}");
    }
}
