//! `format=original`: values as PHP's `serialize` writes them, for clients in PHP.

use crate::report::{table::print_number, value::Value};

/// One value as text that `unserialize` reads.
pub(super) fn serialized(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("N;"),
        Value::Bool(truth) => out.push_str(&format!("b:{};", u8::from(*truth))),
        Value::Integer(number) => out.push_str(&format!("i:{number};")),
        Value::Number(number) => out.push_str(&format!("d:{};", print_number(*number))),
        Value::Text(it) => text(out, it),
        Value::List(items) => {
            out.push_str(&format!("a:{}:{{", items.len()));
            for (at, item) in items.iter().enumerate() {
                out.push_str(&format!("i:{at};"));
                write(out, item);
            }
            out.push('}');
        }
        Value::Object(fields) => {
            out.push_str(&format!("a:{}:{{", fields.len()));
            for (name, value) in fields {
                // PHP keeps keys that are whole numbers as numbers.
                match name.parse::<i64>() {
                    Ok(number) if number.to_string() == *name => {
                        out.push_str(&format!("i:{number};"));
                    }
                    _ => text(out, name),
                }
                write(out, value);
            }
            out.push('}');
        }
    }
}

/// Lengths are counted in bytes.
fn text(out: &mut String, text: &str) {
    out.push_str(&format!("s:{}:\"{text}\";", text.len()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_bytes_and_keys_are_numbers_where_they_can_be() {
        let value = Value::object([
            ("2", Value::from("é")),
            ("02", Value::from(1_i64)),
            ("x", Value::List(vec![Value::Bool(true), Value::Null, Value::Number(0.5)])),
        ]);
        assert_eq!(
            serialized(&value),
            "a:3:{i:2;s:2:\"é\";s:2:\"02\";i:1;s:1:\"x\";a:3:{i:0;b:1;i:1;N;i:2;d:0.5;}}"
        );
    }
}
