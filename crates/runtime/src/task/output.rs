//! How a task ended, read from its output: whether it is an `Err`, of which type, and its text.
//!
//! A task may give anything, so nothing is asked of the type of its output: a bound there would keep programs from spawning
//! what they like. What is looked at instead:
//!
//! - **Whether it is an `Err`**: the type's name says that it is a [`Result`], and its discriminant that it is the `Err`.
//!   So this is known of every `Result`.
//! - **The error's type**: the type's name has it.
//! - **Its text**: `Display` can be asked only of types that are known here. The common ones are, each with the common
//!   types of values. A program adds its own by [`describe_errors`].
//! - **A value**: only of plain ones, numbers and texts. The text is what `Display` gives, because that is what people are
//!   meant to read; a long one is cut.
//!
//! An output that borrows, as tasks of a stock executor may give, has no known type: its text is not told.

use crate::core::timers::TimedOut;
use crate::event::Failure;
use crate::probe::type_names;
use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::error::Error;
use std::fmt::{self, Display};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// What is known of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Returned {
    /// Nothing, or nothing that can be told in a few words.
    Something,
    /// A plain value.
    Value(Arc<str>),
    /// An `Err`, of that type.
    Error(Arc<Failure>),
}

/// How an output of type `T` is looked at.
pub(super) trait Look<T> {
    fn look(output: &T) -> Returned;
}

/// By what the compiler says of any type.
#[derive(Debug)]
pub(crate) enum ByName {}

/// Also by what is known of the type.
#[derive(Debug)]
pub(super) enum ByType {}

impl<T> Look<T> for ByName {
    fn look(output: &T) -> Returned {
        look(output, |_| None)
    }
}

impl<T: 'static> Look<T> for ByType {
    fn look(output: &T) -> Returned {
        if TypeId::of::<T>() == TypeId::of::<()>() { Returned::Something } else { look(output, |output| text(output)) }
    }
}

/// The error that an output is, if it is one.
pub(crate) fn failure<T: 'static>(output: &T) -> Option<Arc<Failure>> {
    is_error(output).then(|| failed::<T>(text(output)))
}

fn look<T>(output: &T, text: impl FnOnce(&T) -> Option<String>) -> Returned {
    match (is_error(output), text(output)) {
        (true, message) => Returned::Error(failed::<T>(message)),
        (false, Some(value)) => Returned::Value(value.into()),
        (false, None) => Returned::Something,
    }
}

/// The error in an output of this type, by what it says.
fn failed<T>(message: Option<String>) -> Arc<Failure> {
    Arc::new(Failure { error: type_names::error(type_name::<T>()).into(), message: message.map(Into::into) })
}

/// Whether `T` is a `Result`.
pub(crate) fn is_result<T>() -> bool {
    type_name::<T>().starts_with("core::result::Result<")
}

/// Whether this is the `Err` of a `Result`.
pub(super) fn is_error<T>(output: &T) -> bool {
    is_result::<T>() && number(output) == number(&Err::<(), ()>(()))
}

/// A number for the variant of an enum, the same whatever its other types are.
fn number<T>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    discriminant(value).hash(&mut hasher);
    hasher.finish()
}

/// Of a longer text, so many characters are kept.
const LONGEST: usize = 500;

/// Gives the text of an output: of the error in it, or of its plain value.
type Text = fn(&dyn Any) -> Option<String>;

static TEXTS: LazyLock<RwLock<HashMap<TypeId, Text>>> = LazyLock::new(|| RwLock::new(known()));

fn text<T: 'static>(output: &T) -> Option<String> {
    let text = *TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<T>())?;
    // A panic in a program's own `Display` must not become the task's.
    let said = catch_unwind(AssertUnwindSafe(|| text(output))).ok().flatten()?;
    match said.char_indices().nth(LONGEST) {
        Some((end, _)) => Some(format!("{}…", &said[..end])),
        None => Some(said),
    }
}

/// Lets records say what the errors of tasks that give a `Result<T, E>` say. That such a task has failed, and with which type
/// of error, they say in any case; and of common types of values and errors they say this, too.
///
/// ```
/// use loopscope_runtime::{EventLoop, describe_errors, spawn};
///
/// struct Page;
/// #[derive(Debug, thiserror::Error)]
/// #[error("there is no page {0}")]
/// struct NoPage(u32);
///
/// describe_errors::<Page, NoPage>();
/// let page = EventLoop::new().run(async { spawn("fetch", async { Err::<Page, _>(NoPage(7)) }).await });
/// assert!(page.is_ok_and(|page| page.is_err()));
/// ```
pub fn describe_errors<T: 'static, E: Display + 'static>() {
    let mut texts = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
    texts.entry(TypeId::of::<Result<T, E>>()).or_insert(text_of_error::<T, E>);
}

fn text_of_error<T: 'static, E: Display + 'static>(output: &dyn Any) -> Option<String> {
    output.downcast_ref::<Result<T, E>>()?.as_ref().err().map(E::to_string)
}

fn text_of_either<T: Display + 'static, E: Display + 'static>(output: &dyn Any) -> Option<String> {
    Some(match output.downcast_ref::<Result<T, E>>()? {
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    })
}

fn text_of_value<T: Display + 'static>(output: &dyn Any) -> Option<String> {
    output.downcast_ref::<T>().map(T::to_string)
}

/// Puts the texts of the common errors into a table, for tasks that give this type of value.
macro_rules! insert_errors {
    ($texts:ident, $text:ident of $value:ty) => {
        insert_errors!(@ $texts, $text, $value:
            String, &'static str, Arc<str>, std::io::Error, fmt::Error, TimedOut, std::num::ParseIntError,
            std::num::ParseFloatError, Box<dyn Error>, Box<dyn Error + Send>, Box<dyn Error + Send + Sync>,
            anyhow::Error
        )
    };
    (@ $texts:ident, $text:ident, $value:ty: $($error:ty),*) => {
        $($texts.entry(TypeId::of::<Result<$value, $error>>()).or_insert($text::<$value, $error>);)*
    };
}

/// Lets records say what the common errors of tasks say that give a `Result` of this type.
pub(crate) fn describe_common_errors<T: 'static>() {
    let mut texts = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
    insert_errors!(texts, text_of_error of T);
}

fn known() -> HashMap<TypeId, Text> {
    let mut texts: HashMap<TypeId, Text> = HashMap::new();
    macro_rules! plain {
        ($($value:ty)*) => {
            $(
                texts.insert(TypeId::of::<$value>(), text_of_value::<$value>);
                insert_errors!(texts, text_of_either of $value);
            )*
        };
    }
    plain!(bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f64 String &'static str Arc<str>);
    insert_errors!(texts, text_of_error of ());
    insert_errors!(texts, text_of_error of Vec<u8>);
    insert_errors!(texts, text_of_error of Vec<String>);
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Odd;

    #[derive(Debug, thiserror::Error)]
    #[error("it is odd")]
    struct IsOdd;

    fn error(error: &str, message: Option<&str>) -> Returned {
        Returned::Error(Arc::new(Failure { error: error.into(), message: message.map(Into::into) }))
    }

    #[test]
    fn a_result_is_known_by_its_type() {
        assert!(is_result::<Result<(), String>>());
        assert!(is_result::<std::io::Result<u8>>());
        assert!(!is_result::<Option<Result<(), ()>>>());
        assert!(!is_result::<()>());
    }

    #[test]
    fn an_err_is_known_whatever_its_types_are() {
        assert_eq!(ByType::look(&Err::<String, _>("no luck".to_owned())), error("String", Some("no luck")));
        assert_eq!(ByType::look(&Err::<Odd, _>(IsOdd)), error("IsOdd", None));
        assert_eq!(ByName::look(&Err::<Odd, _>("no luck")), error("&str", None));
        let boxed: Box<dyn Error + Send + Sync> = "no luck".into();
        let named = error("Box<dyn Error + Send + Sync>", Some("no luck"));
        assert_eq!(ByType::look(&Err::<(), _>(boxed)), named);
        // Types whose variants are told apart by what is in them.
        assert_eq!(ByType::look(&Err::<Box<u8>, _>(())), error("()", None));
        assert_eq!(ByType::look(&Err::<std::convert::Infallible, _>(IsOdd)), error("IsOdd", None));
        assert_eq!(ByType::look(&Ok::<Box<u8>, ()>(Box::new(1))), Returned::Something);
    }

    #[test]
    fn what_is_no_result_does_not_fail() {
        assert_eq!(ByType::look(&()), Returned::Something);
        assert_eq!(ByType::look(&Some(Err::<(), ()>(()))), Returned::Something);
        assert_eq!(ByType::look(&std::ops::ControlFlow::<()>::Break(())), Returned::Something);
        assert_eq!(ByType::look(&7_u32), Returned::Value("7".into()));
        assert_eq!(ByType::look(&Ok::<_, String>("data".to_owned())), Returned::Value("data".into()));
    }

    #[test]
    fn a_program_describes_its_own_errors() {
        struct Page;
        assert_eq!(ByType::look(&Err::<Page, _>(IsOdd)), error("IsOdd", None));
        describe_errors::<Page, IsOdd>();
        assert_eq!(ByType::look(&Err::<Page, _>(IsOdd)), error("IsOdd", Some("it is odd")));
    }

    #[test]
    fn a_text_that_panics_is_none_and_a_long_one_is_cut() {
        struct Panics;
        impl Display for Panics {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                std::panic::resume_unwind(Box::new("no text"))
            }
        }
        describe_errors::<Odd, Panics>();
        assert_eq!(ByType::look(&Err::<Odd, _>(Panics)), error("Panics", None));
        let Returned::Value(long) = ByType::look(&"ä".repeat(10_000)) else { panic!("it is a value") };
        assert_eq!(long.chars().count(), LONGEST + 1);
    }
}
