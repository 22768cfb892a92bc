//! What is written where: no command writes over what it reads, and what cannot be replaced is written to.

#![cfg(unix)]

use loopscope::trace::file::write_aside;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_loopscope");

fn loopscope(folder: &Path, args: &[&OsStr]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(args).current_dir(folder).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output().unwrap()
}

/// Runs a line of shell in the folder, where `$L` is the program.
fn shell(folder: &Path, line: &str) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", line]).env("L", PROGRAM).current_dir(folder);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output().unwrap()
}

/// A folder with a record `a` in it, and the bytes of the record.
fn folder_with_a_record() -> (TempDir, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let output = shell(folder.path(), "$L run queue --trace a");
    assert!(output.status.success(), "{output:?}");
    let bytes = fs::read(folder.path().join("a")).unwrap();
    (folder, bytes)
}

fn names(folder: &Path) -> Vec<OsString> {
    let mut names: Vec<OsString> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    names
}

#[test]
fn no_command_writes_over_what_it_reads() {
    let (folder, bytes) = folder_with_a_record();
    let folder = folder.path();
    fs::create_dir(folder.join("deep")).unwrap();
    symlink("a", folder.join("link")).unwrap();
    symlink("../link", folder.join("deep/link")).unwrap();
    fs::hard_link(folder.join("a"), folder.join("hard")).unwrap();
    fs::hard_link(folder.join("a"), folder.join("a.png")).unwrap();
    fs::hard_link(folder.join("a"), folder.join("a.svg")).unwrap();
    let lines = [
        "$L export a --format csv -o a",
        "$L export a --format svg -o ./a",
        "$L export a --format chrome -o \"$PWD/deep/../a\"",
        "$L export a --format csv -o link",
        "$L export link --format csv -o a",
        "$L export a --format csv -o deep/link",
        "$L export a --format csv -o hard",
        "$L export a --format csv >> a",
        "$L export a --format csv -o /dev/stdout >> a",
        "$L export a --format csv -o /dev/fd/5 5>> hard",
        "$L export /dev/stdin --format csv -o a < a",
        "$L render a.png -o a.png",
        "$L render queue --compare a.png -o a.png",
        "$L render a --view timeline -o a.svg",
        "$L stats a >> hard",
        "$L check a >> a",
        "$L compare a link >> a",
        "$L run user-input --trace a < link",
    ];
    for line in lines.into_iter().filter(|line| cfg!(feature = "real-io") || !line.contains("user-input")) {
        let output = shell(folder, line);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{line}: {said}");
        assert!(said.lines().count() == 1 && said.contains("another file"), "{line}: {said}");
        assert_eq!(fs::read(folder.join("a")).unwrap(), bytes, "{line}");
    }
    // Devices are no files, and another file may be replaced.
    for line in
        ["$L export a --format csv -o /dev/null", "$L export a --format csv > b", "$L export a --format csv -o b"]
    {
        assert!(shell(folder, line).status.success(), "{line}");
    }
}

#[test]
fn the_lines_of_a_run_are_not_replaced_by_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let output = shell(folder.path(), "echo kept > both; $L run queue --trace both >> both");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(fs::read_to_string(folder.path().join("both")).unwrap(), "kept\n");
}

#[test]
fn a_descriptor_is_written_to_where_it_stands() {
    let (folder, record) = folder_with_a_record();
    let csv = shell(folder.path(), "$L export a --format csv").stdout;
    let whole = [b"head\n", csv.as_slice(), b"tail\n"].concat();
    symlink("/dev/stdout", folder.path().join("link")).unwrap();
    for (number, name) in [
        ("1", "/dev/stdout"),
        ("1", "/dev/fd/1"),
        ("1", "/proc/self/fd/1"),
        ("1", "/proc/thread-self/fd/1"),
        ("1", "link"),
        ("2", "/dev/stderr"),
        ("2", "/proc/self/fd/2"),
        ("0", "/dev/stdin"),
        ("5", "/dev/fd/5"),
        ("9", "/proc/self/fd/9"),
    ] {
        // To a file, to one that grows at its end, to one that was written before.
        for (open, before) in [(">", ""), (">>", "before\n"), ("1<>", "")] {
            if open == "1<>" && number != "1" {
                continue;
            }
            let open = if open == "1<>" { open.to_owned() } else { format!("{number}{open}") };
            let line = format!(
                "printf '{before}' > out; {{ echo head >&{number}; $L export a --format csv -o {name}; \
                 echo tail >&{number}; }} {open} out"
            );
            let output = shell(folder.path(), &line);
            assert!(output.status.success(), "{line}: {output:?}");
            let out = fs::read(folder.path().join("out")).unwrap();
            let expected = [before.as_bytes(), &whole].concat();
            assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(&expected), "{line}");
        }
    }
    // Behind the lines of the run, which are printed to the same place.
    shell(folder.path(), "$L run queue --trace /dev/stdout > out");
    let out = fs::read(folder.path().join("out")).unwrap();
    assert!(out.starts_with(b"0.0 Produced item-0\n") && out.ends_with(&record));
    let piped = shell(folder.path(), "$L export a --format csv -o /dev/stdout | cat").stdout;
    assert_eq!(piped, csv);
    for number in ["7", "4"] {
        let output = shell(folder.path(), &format!("$L run queue --trace /dev/fd/{number} 4</dev/null"));
        assert_eq!(output.status.code(), Some(1), "not open, or not for writing");
        assert!(output.stdout.is_empty(), "{output:?}");
    }
    assert_eq!(names(folder.path()), ["a", "link", "out"]);
}

#[test]
fn links_stay_links_wherever_they_lead() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("deep")).unwrap();
    symlink("deep/second", at("first")).unwrap();
    symlink("../later", at("deep/second")).unwrap();
    for text in ["new", "anew"] {
        write_aside(&at("first"), |out| out.write_all(text.as_bytes())).unwrap();
        assert_eq!(fs::read_to_string(at("later")).unwrap(), text);
        assert!(at("first").is_symlink() && at("deep/second").is_symlink() && !at("later").is_symlink());
    }
    symlink("nowhere/at-all", at("lost")).unwrap();
    symlink("round", at("about")).unwrap();
    symlink("about", at("round")).unwrap();
    symlink("own", at("own")).unwrap();
    for name in ["lost", "round", "own", "deep", "deep/", "new/", ".", "..", "nowhere/x"] {
        write_aside(&at(name), |out| out.write_all(b"x")).expect_err(name);
    }
    assert_eq!(names(folder.path()), ["about", "deep", "first", "later", "lost", "own", "round"]);
    // A file that has two names keeps both.
    fs::hard_link(at("later"), at("other")).unwrap();
    write_aside(&at("first"), |out| out.write_all(b"both")).unwrap();
    assert_eq!(fs::read_to_string(at("other")).unwrap(), "both");
    let failed = write_aside(&at("other"), |out| out.write_all(b"half").and(Err(std::io::Error::other("no"))));
    assert_eq!(
        (failed.unwrap_err().to_string().as_str(), fs::read_to_string(at("later")).unwrap()),
        ("no", "both".into())
    );
}

#[test]
fn a_file_keeps_its_permissions_and_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "before").unwrap();
    // Only root can give a file away; anybody else sees that it stays his own.
    let is_given = std::os::unix::fs::chown(&path, Some(12345), Some(54321)).is_ok();
    for mode in [0o600, 0o640, 0o664] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let before = fs::metadata(&path).unwrap();
        assert!(!is_given || (before.uid(), before.gid()) == (12345, 54321));
        write_aside(&path, |out| out.write_all(b"after")).unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_eq!((after.mode() & 0o777, after.uid(), after.gid()), (mode, before.uid(), before.gid()));
        assert_eq!(fs::read(&path).unwrap(), b"after");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    if fs::File::options().write(true).open(&path).is_err() {
        write_aside(&path, |out| out.write_all(b"x")).expect_err("it is write-protected");
    }
    assert_eq!(fs::read(&path).unwrap(), b"after");
}

#[test]
fn a_name_may_be_as_long_as_names_are() {
    let folder = tempfile::tempdir().unwrap();
    // One byte a sign, two, and some that are no text.
    let names: [Vec<u8>; 4] =
        [vec![b'x'; 255], "é".repeat(127).into_bytes(), "x€".repeat(63).into_bytes(), vec![0xe8; 255]];
    for name in names {
        let path = folder.path().join(OsStr::from_bytes(&name));
        for text in ["new", "anew"] {
            write_aside(&path, |out| out.write_all(text.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(self::names(folder.path()), [OsString::from_vec(name)]);
        fs::remove_file(path).unwrap();
    }
    let output = loopscope(folder.path(), &["run", "queue", "--trace", &"x".repeat(256)].map(OsStr::new));
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty() && String::from_utf8_lossy(&output.stderr).contains("too long"), "{output:?}");
}

#[test]
fn a_path_may_be_of_any_bytes() {
    let (folder, _) = folder_with_a_record();
    let folder = folder.path();
    let name = |end: &str| OsString::from_vec([b"b\xe8\xff".as_slice(), end.as_bytes()].concat());
    let (record, out, png, svg) = (name(".loopscope"), name(".csv"), name(".png"), name(".svg"));
    let words = |line: &'static str| line.split(' ').map(OsStr::new);
    let lines: [Vec<&OsStr>; 8] = [
        words("run queue --trace").chain([record.as_os_str()]).collect(),
        words("check").chain([record.as_os_str()]).collect(),
        words("stats").chain([record.as_os_str()]).collect(),
        words("compare a").chain([record.as_os_str()]).collect(),
        words("export --format csv -o").chain([out.as_os_str(), record.as_os_str()]).collect(),
        words("render --view timeline -o").chain([svg.as_os_str(), record.as_os_str()]).collect(),
        words("render --size 300x200 -o").chain([png.as_os_str(), record.as_os_str()]).collect(),
        words("render queue --size 300x200 -o").chain([png.as_os_str(), OsStr::new("--compare"), &record]).collect(),
    ];
    let pictures = if cfg!(feature = "gui") { 3 } else { 0 };
    for args in &lines[..5 + pictures] {
        let output = loopscope(folder, args);
        assert!(output.status.success(), "{args:?}: {output:?}");
    }
    assert_eq!(names(folder).len(), if pictures > 0 { 5 } else { 3 });
    // The window takes it as far as there is a display.
    for args in [vec![record.as_os_str()], vec![OsStr::new("open"), &record]] {
        let said = String::from_utf8_lossy(&loopscope(folder, &args).stderr).into_owned();
        assert!(said.contains("no display") || said.contains("no window"), "{said}");
    }
    let said = loopscope(folder, &[OsStr::from_bytes(b"quaue\xff")]);
    assert_eq!(said.status.code(), Some(2), "{said:?}");
}

#[test]
fn a_record_that_cannot_be_written_is_told_before_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("file"), "kept").unwrap();
    fs::create_dir(folder.join("locked")).unwrap();
    fs::set_permissions(folder.join("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    symlink("nowhere/x", folder.join("link")).unwrap();
    let is_locked = fs::write(folder.join("locked/try"), "").is_err(); // not to root
    let locked = if is_locked { "locked/x" } else { "nowhere/x" };
    for path in ["nowhere/x", "file/x", ".", "", "link", "new/", locked] {
        let output = loopscope(folder, &["run", "semaphore", "--trace", path].map(OsStr::new));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(1 | 2)) && output.stdout.is_empty(), "{path}: {output:?}");
        assert!(said.lines().count() == 1 && said.contains(path), "{path}: {said}");
    }
    for path in ["nowhere/x.png", "nowhere/x.svg"] {
        let output = loopscope(folder, &["render", "semaphore", "--view", "timeline", "-o", path].map(OsStr::new));
        assert!(
            output.status.code() == Some(1) && String::from_utf8_lossy(&output.stderr).contains(path),
            "{output:?}"
        );
    }
    assert_eq!(fs::read(folder.join("file")).unwrap(), b"kept");
}

#[test]
fn where_lines_cannot_be_printed_the_record_is_written_all_the_same() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let (folder, expected) = folder_with_a_record();
    let output = shell(folder.path(), "$L run queue --trace b > /dev/full");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1, "{output:?}");
    assert_eq!(fs::read(folder.path().join("b")).unwrap(), expected);
    let picture = if cfg!(feature = "gui") { "export a --format svg" } else { "list --params" };
    for line in ["export a --format csv", "export a --format chrome", picture, "stats a", "check a", "list"] {
        let output = shell(folder.path(), &format!("$L {line} > /dev/full"));
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot print"), "{line}: {output:?}");
    }
    let output = shell(folder.path(), "$L run queue --trace /dev/full > /dev/full");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 2, "both are told: {output:?}");
}
