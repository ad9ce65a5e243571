//! The contrasts of the style sheet's colours, light and dark: 4.5 for text, 3 for what is drawn.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::dash::assets::STYLE;

    type Palette = BTreeMap<String, [f64; 3]>;

    /// The `--name: #rrggbb` of each `:root` block, light first.
    fn palettes() -> Vec<Palette> {
        let blocks = STYLE.body.split(":root {").skip(1);
        blocks.map(|block| colours(block.split('}').next().unwrap())).collect()
    }

    fn colours(block: &str) -> Palette {
        let lines = block.lines().filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
            let number = u32::from_str_radix(value.trim_end_matches(';'), 16).unwrap();
            let part = |shift: u32| f64::from(number >> shift & 0xff) / 255.0;
            Some((name.to_owned(), [part(16), part(8), part(0)]))
        });
        lines.collect()
    }

    /// Relative luminance, as WCAG defines it.
    fn luminance(colour: [f64; 3]) -> f64 {
        let [red, green, blue] = colour
            .map(|it| if it <= 0.04045 { it / 12.92 } else { ((it + 0.055) / 1.055).powf(2.4) });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn black_on_white_is_21() {
        assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn colours_stand_out_light_and_dark() {
        let palettes = palettes();
        assert_eq!(palettes.len(), 2);
        let names = |it: &Palette| it.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&palettes[0]), names(&palettes[1]), "dark must set every colour");
        for palette in palettes {
            for (front, back, least) in [
                ("text", "ground", 4.5),
                ("text", "surface", 4.5),
                ("text", "sunken", 4.5),
                ("muted", "ground", 4.5),
                ("muted", "surface", 4.5),
                ("muted", "sunken", 4.5),
                ("accent", "ground", 4.5),
                ("accent", "surface", 4.5),
                ("on-accent", "accent", 4.5),
                ("alert", "alert-ground", 4.5),
                // The names of the lines are texts, on plain and shaded grounds.
                ("visits", "surface", 4.5),
                ("visitors", "surface", 4.5),
                ("visits", "weekend", 3.0),
                ("visitors", "weekend", 3.0),
                ("visits", "hatch", 3.0),
                ("visitors", "hatch", 3.0),
                ("muted", "weekend", 4.5),
                ("muted", "hatch", 3.0),
                ("bar", "surface", 3.0),
                ("bar", "sunken", 3.0),
                ("edge", "surface", 3.0),
                ("edge", "ground", 3.0),
                ("focus", "surface", 3.0),
                ("focus", "ground", 3.0),
            ] {
                let got = contrast(palette[front], palette[back]);
                assert!(least <= got, "{front} on {back}: {got:.2}");
            }
        }
    }
}
