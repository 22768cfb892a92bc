# One table of figures: what was asked for, what was seen, and the command that shows it. Sourced by `.ci/run`.
figures=target/figures.md
mkdir -p target
printf '| what | goal | seen | command |\n|---|---|---|---|\n' >"$figures"

# figure WHAT GOAL SEEN COMMAND
figure() { printf '| %s | %s | %s | `%s` |\n' "$1" "$2" "$3" "$4" >>"$figures"; }

# at_most WHAT LIMIT SEEN UNIT COMMAND: a figure that fails the run where it is over its limit.
at_most() {
    figure "$1" "at most $2$4" "$3$4" "$5"
    awk -v seen="$3" -v limit="$2" 'BEGIN { exit !(seen != "" && seen + 0 <= limit + 0) }' ||
        { echo "$1: $3$4 is over the limit of $2$4; see: $5" && return 1; }
}

# Whatever happens, what is known by then is told.
show_figures() { printf '\n== figures\n' && column -t -s '|' -o '|' "$figures" 2>/dev/null || cat "$figures"; }
