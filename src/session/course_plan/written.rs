//! A plan written again: the text that it was read from, with what was changed since. What a person wrote around that stays.
//!
//! It reads no file and judges no lesson.

use super::{CoursePlan, MARK, PlannedLesson, VERSION};
use std::fmt;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// As its file: the text that it was read from, with what was changed since.
impl fmt::Display for CoursePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, mut document) = match (Self::parse(&self.text), self.text.parse::<DocumentMut>()) {
            (Ok((before, _)), Ok(document)) => (before, document),
            _ => Default::default(), // it is new
        };
        let version = document.get(MARK).and_then(Item::as_integer);
        if version.is_none_or(|version| version < VERSION) {
            put(document.as_table_mut(), MARK, VERSION.into());
        }
        if self.title != before.title {
            put(document.as_table_mut(), "title", self.title.as_str().into());
        }
        if self.lessons != before.lessons {
            self.write_lessons(&mut document, &before.lessons);
        }
        write!(f, "{document}")
    }
}

impl CoursePlan {
    /// Puts the lessons into the file, each with what stands around it there.
    fn write_lessons(&self, document: &mut DocumentMut, before: &[PlannedLesson]) {
        if let Some(Item::Value(Value::Array(array))) = document.get_mut("lesson") {
            let old: Vec<Value> = array.iter().cloned().collect();
            array.clear();
            for lesson in &self.lessons {
                let kept = lesson.place.and_then(|place| old.get(place)).and_then(Value::as_inline_table);
                let mut table = kept.cloned().unwrap_or_else(InlineTable::new);
                lesson.write_into(&mut table, lesson.place.and_then(|place| before.get(place)));
                array.push_formatted(Value::InlineTable(table));
            }
            return;
        }
        let old = document.remove("lesson").and_then(|item| item.into_array_of_tables().ok()).unwrap_or_default();
        let mut old: Vec<Table> = old.into_iter().collect();
        let mut places = Vec::new();
        old.iter_mut().for_each(|table| each_table(table, &mut |table| places.extend(table.position())));
        places.sort_unstable();
        let mut places = places.into_iter();
        let mut tables = ArrayOfTables::new();
        for lesson in &self.lessons {
            let mut table = lesson.place.and_then(|place| old.get(place)).cloned().unwrap_or_default();
            lesson.write_into(&mut table, lesson.place.and_then(|place| before.get(place)));
            // A table without a place of its own stands after the one before it.
            each_table(&mut table, &mut |table| table.set_position(places.next()));
            tables.push(table);
        }
        document.insert("lesson", Item::ArrayOfTables(tables));
    }
}

impl PlannedLesson {
    /// Writes into its table what is other than it was `before`.
    fn write_into(&self, table: &mut dyn TableLike, before: Option<&Self>) {
        if before.is_none_or(|before| before.id != self.id) {
            put(table, "id", self.id.as_str().into());
        }
        if before.map_or(!self.set.is_empty(), |before| before.set != self.set) {
            self.write_set(table, before.map_or(&[], |before| &before.set));
        }
    }

    /// Writes what is set in it, in the form that the file has for that.
    fn write_set(&self, table: &mut dyn TableLike, before: &[String]) {
        if self.set.is_empty() {
            table.remove("set");
            return;
        }
        let pairs: Option<Vec<(&str, &str)>> = self.set.iter().map(|set| set.split_once('=')).collect();
        if let (Some(set), Some(pairs)) = (table.get_mut("set").and_then(Item::as_table_like_mut), pairs) {
            let gone = set.iter().map(|(name, _)| name.to_owned());
            let gone: Vec<String> = gone.filter(|name| pairs.iter().all(|(kept, _)| kept != name)).collect();
            gone.iter().for_each(|name| drop(set.remove(name)));
            for ((name, value), assignment) in pairs.into_iter().zip(&self.set) {
                if !before.contains(assignment) {
                    put(set, name, value.parse::<i64>().map_or_else(|_| value.into(), Value::from));
                }
            }
            return;
        }
        let old = table.get("set").and_then(Item::as_array).cloned().unwrap_or_default();
        let mut new = old.clone();
        new.clear();
        for assignment in &self.set {
            let sets_same = |value: &&Value| value.as_str().is_some_and(|old| name_of(old) == name_of(assignment));
            match old.iter().find(sets_same) {
                Some(like) => {
                    let mut value = Value::from(assignment);
                    value.decor_mut().clone_from(like.decor());
                    new.push_formatted(if like.as_str() == Some(assignment) { like.clone() } else { value });
                }
                None => new.push(assignment),
            }
        }
        put(table, "set", Value::Array(new));
    }
}

/// The name of the parameter in `permits=5`.
fn name_of(assignment: &str) -> &str {
    assignment.split('=').next().unwrap_or_default().trim()
}

/// Gives a key another value. What stands around the value stays.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            value.decor_mut().clone_from(old.decor());
            *old = value;
        }
        None => drop(table.insert(key, Item::Value(value))),
    }
}

/// Shows a table and all that are in it, in the order in which they stand in the file.
fn each_table(table: &mut Table, visit: &mut dyn FnMut(&mut Table)) {
    visit(table);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(inner) => each_table(inner, visit),
            Item::ArrayOfTables(inner) => inner.iter_mut().for_each(|inner| each_table(inner, visit)),
            _ => {}
        }
    }
}
