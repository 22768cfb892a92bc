//! Short names for tasks that have only a type: `app::fetch::{{closure}}` is the body of the async function `fetch`.
//!
//! The compiler's names of types are for people and may change; whatever comes, a name comes out.

/// The name of the function that a future's type comes from, or of the type itself: the last part of its path that has a
/// name, without what is generic about it.
///
/// ```text
/// app::fetch::{{closure}}                        fetch
/// <app::Foo as app::Work>::go::{{closure}}       go
/// app::Gen<&str>::run::{{closure}}               run
/// app::Join<app::A, app::B>                      Join
/// (app::A, app::B)                               task
/// core::pin::Pin<alloc::boxed::Box<app::Fetch>>  Fetch
/// ```
///
/// A boxed `dyn Future` no longer knows where it comes from, so it is a task.
pub(crate) fn short(path: &str) -> &str {
    // A pointer to a function has no name of its own.
    if ["fn(", "unsafe ", "extern ", "for<"].iter().any(|begin| path.starts_with(begin)) {
        return "task";
    }
    let mut name = None;
    let mut rest = path;
    while let Some((part, after)) = first_part(rest) {
        if !word(part).is_empty() {
            name = Some(part);
        }
        rest = after;
    }
    let Some(name) = name else { return "task" };
    match (word(name), name.split_once('<')) {
        ("Pin" | "Box", Some((_, inner))) => short(inner.strip_suffix('>').unwrap_or(inner)),
        ("Future", _) if path.starts_with("dyn ") => "task",
        (word, _) => word,
    }
}

/// The first part of a path, up to a `::` outside of all brackets, and what follows.
fn first_part(path: &str) -> Option<(&str, &str)> {
    if path.is_empty() {
        return None;
    }
    let (mut depth, mut before) = (0_usize, ' ');
    for (place, sign) in path.char_indices() {
        match sign {
            '<' | '(' | '[' | '{' => depth += 1,
            // The arrow of a function type closes nothing.
            '>' if before == '-' => {}
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            // What else an object is besides the first trait.
            '+' if depth == 0 => return Some((&path[..place], "")),
            ':' if before == ':' && depth == 0 => return Some((&path[..place - 1], &path[place + 1..])),
            _ => {}
        }
        before = sign;
    }
    Some((path, ""))
}

/// The name that a part of a path begins with; none for a closure, a tuple, or a type in brackets.
fn word(part: &str) -> &str {
    let part = part.trim_start_matches("dyn ").trim_start_matches(['&', '*']);
    let part = part.trim_start_matches("mut ").trim_start_matches("const ").trim_start_matches("dyn ");
    let end = part.find(|sign: char| !sign.is_alphanumeric() && sign != '_' && sign != '#').unwrap_or(part.len());
    &part[..end]
}

/// The short name of the error in a `Result`, whose whole name this is.
///
/// ```text
/// core::result::Result<(), alloc::string::String>                String
/// core::result::Result<u8, alloc::boxed::Box<dyn app::Odd>>      Box<dyn Odd>
/// ```
pub(crate) fn error(result: &str) -> String {
    let inner = result.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or_default();
    let (mut depth, mut before, mut error) = (0_usize, ' ', None);
    for (place, sign) in inner.char_indices() {
        match sign {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => error = Some(&inner[place + 1..]),
            _ => {}
        }
        before = sign;
    }
    without_paths(error.unwrap_or("error").trim())
}

/// A type's name without the modules that types in it stand in.
fn without_paths(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    let mut part = 0;
    for sign in name.chars() {
        short.push(sign);
        if short.ends_with("::") {
            short.truncate(part);
        } else if !sign.is_alphanumeric() && sign != '_' && sign != '#' && sign != ':' {
            part = short.len();
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{error, short};
    use std::any::type_name;
    use std::future::{Future, Ready, poll_fn, ready};
    use std::pin::Pin;
    use std::task::Poll;

    fn of<F: Future>(_: &F) -> &'static str {
        short(type_name::<F>())
    }

    struct Plain;
    struct Gen<T>(T);
    struct Sized<const N: usize>;

    trait Work {
        async fn go(&self) {}
        fn hidden(&self) -> impl Future {
            async {}
        }
        fn boxed(&self) -> Pin<Box<dyn Future<Output = ()>>> {
            Box::pin(async {})
        }
    }
    impl Work for Plain {
        async fn go(&self) {}
    }
    impl<T> Work for Gen<T> {}
    impl Work for (Plain, Gen<&str>) {
        async fn go(&self) {}
    }
    impl Work for [Plain; 3] {
        async fn go(&self) {}
    }
    impl Work for fn(Plain) -> Gen<u8> {
        async fn go(&self) {}
    }
    impl Work for &dyn Fn(u8) -> Plain {
        async fn go(&self) {}
    }

    impl Plain {
        async fn own(&self) {}
        fn block(&self) -> impl Future + use<> {
            async {}
        }
        fn nested(&self) -> impl Future + use<> {
            let inner = || async {};
            inner()
        }
    }
    impl<T: Clone> Gen<T> {
        async fn run(&self) {}
        async fn with<U>(&self, _: U) {}
    }
    impl<const N: usize> Sized<N> {
        async fn run(&self) {}
    }

    async fn free() {}
    async fn generic<T>(_: T) {}
    async fn many<const N: usize, F: Fn(u8) -> Plain>(_: [u8; N], _: F) {}

    mod inner {
        pub(super) mod deep {
            pub(in super::super) async fn fetch() {}
            pub(in super::super) struct Fetcher;
            impl super::super::Work for Fetcher {
                async fn go(&self) {}
            }
        }
    }

    impl Future for Gen<Box<dyn Fn(u8) -> Plain>> {
        type Output = ();
        fn poll(self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<()> {
            Poll::Ready(())
        }
    }

    #[test]
    fn a_task_is_called_after_the_function_that_its_future_comes_from() {
        let pointer: fn(Plain) -> Gen<u8> = |_| Gen(1);
        let object: &dyn Fn(u8) -> Plain = &|_| Plain;
        let names = [
            (of(&free()), "free"),
            (of(&generic(Gen("x"))), "generic"),
            (of(&generic((Plain, Gen(1)))), "generic"),
            (of(&generic(pointer)), "generic"),
            (of(&generic(object)), "generic"),
            (of(&generic([[0_u8; 3]; 4])), "generic"),
            (of(&many([1, 2], |_| Plain)), "many"),
            (of(&Plain.own()), "own"),
            (of(&Plain.block()), "block"),
            (of(&Plain.nested()), "nested"),
            (of(&Gen("x").run()), "run"),
            (of(&Gen("x").with(Gen(1))), "with"),
            (of(&Sized::<7>.run()), "run"),
            (of(&Plain.go()), "go"),
            (of(&Gen(vec![Some("x")]).go()), "go"),
            (of(&Gen(1).hidden()), "hidden"),
            (of(&(Plain, Gen("x")).go()), "go"),
            (of(&[Plain, Plain, Plain].go()), "go"),
            (of(&pointer.go()), "go"),
            (of(&object.go()), "go"),
            (of(&inner::deep::fetch()), "fetch"),
            (of(&inner::deep::Fetcher.go()), "go"),
            (of(&poll_fn(|_| Poll::Ready(()))), "PollFn"),
            (of(&ready(Gen(1))), "Ready"),
            (of(&Gen(Box::new(|_| Plain) as Box<dyn Fn(u8) -> Plain>)), "Gen"),
            (of(&Plain.boxed()), "task"),
            (of(&Box::pin(Plain.own())), "own"),
            (of(&Box::pin(Box::pin(ready(1)))), "Ready"),
        ];
        let wrong: Vec<_> = names.iter().filter(|(name, expected)| name != expected).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let block = async {};
        assert_eq!(of(&block), "a_task_is_called_after_the_function_that_its_future_comes_from");
        let ready: Ready<()> = ready(());
        assert_eq!(of(&ready), "Ready");
    }

    #[test]
    fn whatever_the_compiler_writes_a_name_comes_out() {
        for (path, expected) in [
            ("app::fetch::{{closure}}", "fetch"),
            ("app::fetch::{closure#0}", "fetch"),
            ("app::fetch::{async_fn_env#0}", "fetch"),
            ("app::fetch::{{closure}}::{{closure}}", "fetch"),
            ("<app::Foo as app::Work>::go::{{closure}}", "go"),
            ("<dyn app::Work as app::Work>::go::{{closure}}", "go"),
            ("<impl core::future::Future for app::Foo>::poll", "poll"),
            ("app::<impl app::Foo>::go::{{closure}}", "go"),
            ("<fn(app::A) -> app::B as app::Work>::go::{{closure}}", "go"),
            ("app::run<fn(app::A) -> app::B>::{{closure}}", "run"),
            ("app::Gen<3>", "Gen"),
            ("app::r#loop::r#async", "r#async"),
            ("alloc::boxed::Box<dyn core::future::future::Future<Output = ()>>", "task"),
            ("dyn core::future::future::Future<Output = ()> + core::marker::Send", "task"),
            ("core::pin::Pin<alloc::boxed::Box<dyn app::Work + core::marker::Send>>", "Work"),
            ("app::Box", "Box"),
            ("&mut app::Fetch", "Fetch"),
            ("&dyn app::Work", "Work"),
            ("(app::A, app::B)", "task"),
            ("[app::A; 3]", "task"),
            ("fn(app::A) -> app::B", "task"),
            ("for<'a> fn(&'a app::A)", "task"),
            ("{{closure}}", "task"),
            ("", "task"),
            ("::", "task"),
            ("<<<", "task"),
            (">>>a::b", "b"),
            ("größe::lade::{{closure}}", "lade"),
        ] {
            assert_eq!(short(path), expected, "{path}");
        }
    }

    #[test]
    fn an_error_is_called_by_its_type_without_modules() {
        fn of<T, E>() -> String {
            error(type_name::<Result<T, E>>())
        }
        assert_eq!(of::<(), String>(), "String");
        assert_eq!(of::<(u8, Gen<[u8; 2]>), std::io::Error>(), "Error");
        assert_eq!(of::<fn(u8) -> Plain, Gen<Plain>>(), "Gen<Plain>");
        assert_eq!(of::<(), (Plain, Gen<u8>)>(), "(Plain, Gen<u8>)");
        assert_eq!(of::<Result<u8, Plain>, Box<dyn std::error::Error + Send>>(), "Box<dyn Error + Send>");
        assert_eq!(of::<(), &'static str>(), "&str");
        assert_eq!(error("Result"), "error");
    }
}
