//! Expressions over parameters and facts of a run: their grammar and what they give.
//!
//! ```text
//! expr    := and ("or" and)*            and := not ("and" not)*
//! not     := "not" not | sum [CMP sum]
//! sum     := product (("+" | "-") product)*
//! product := one (("*" | "/" | "%") one)*
//! one     := "-" one | "(" expr ")" | number | time | "text" | parameter | word of a parameter | fact
//!          | "if" expr "then" expr "else" expr
//!          | ("min" | "max") "(" expr "," expr ")" | ("ceil" | "floor" | "round" | "number" | "words") "(" expr ")"
//!          | "part" "(" expr "," "pattern" ["," number] ")"       what its star stands for, or its 2nd
//! fact    := "elapsed" | "iterations" | "at once" | "tasks" | "polls" | ("tasks" | "polls" | "running" | "ready" | "waiting"
//!          | "longest ready" | "longest poll") "of" NAME
//!          | ("time" | "name" | "text") "of" ["last"] "(" moment ")"
//!          | "count of" ["tasks"] "(" moment ")" ["before" "(" moment ")"] | "happens" "(" moment ")"
//! ```
//!
//! Signs stand apart from words: `requests - 1`, since `requests-1` is a name.

use super::Moment;
use super::error::{MomentError, nearest};
use super::facts::{Asks, Fact, Facts, Occurrence, Sum};
use super::lex::TokenKind;
use super::parser::Parser;
use super::pattern::Pattern;
use super::tree::Compare;
use super::value::{Value, in_words};

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr(Node);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Value(Value),
    /// A parameter, or a word that one takes.
    Name(String),
    Fact(Box<Fact>),
    Negative(Box<Node>),
    Not(Box<Node>),
    Two(Sign, Box<[Node; 2]>),
    If(Box<[Node; 3]>),
    Call(Function, Vec<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sign {
    Or,
    And,
    Compare(Compare),
    Plus,
    Minus,
    Times,
    By,
    Rest,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Function {
    Min,
    Max,
    Ceil,
    Floor,
    Round,
    Number,
    Words,
    Part,
}

const FUNCTIONS: [(&str, Function); 8] = [
    ("min", Function::Min),
    ("max", Function::Max),
    ("ceil", Function::Ceil),
    ("floor", Function::Floor),
    ("round", Function::Round),
    ("number", Function::Number),
    ("words", Function::Words),
    ("part", Function::Part),
];

/// Facts without parts, for proposals.
const FACTS: [&str; 11] =
    ["elapsed", "iterations", "polls", "tasks", "time of", "count of", "name of", "text of", "happens", "if", "not"];

impl Expr {
    /// Reads an expression. `known` are the names of the parameters and the words that they take.
    ///
    /// # Errors
    /// Says what is wrong, where, and what may have been meant.
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, MomentError> {
        let mut parser = Parser::new(text, known)?;
        let node = parser.expr()?;
        parser.end()?;
        Ok(Self(node))
    }

    /// What it gives, of what is known.
    #[must_use]
    pub fn value(&self, facts: &Facts) -> Value {
        self.0.value(facts)
    }

    /// What it asks of the run.
    #[must_use]
    pub fn asks(&self) -> Vec<Fact> {
        let mut asks = Vec::new();
        self.0.each(&mut |node| {
            if let Node::Fact(fact) = node {
                asks.push((**fact).clone());
            }
        });
        asks
    }
}

impl Node {
    fn each(&self, see: &mut impl FnMut(&Self)) {
        see(self);
        match self {
            Self::Value(_) | Self::Name(_) | Self::Fact(_) => {}
            Self::Negative(one) | Self::Not(one) => one.each(see),
            Self::Two(_, two) => two.iter().for_each(|one| one.each(see)),
            Self::If(three) => three.iter().for_each(|one| one.each(see)),
            Self::Call(_, list) => list.iter().for_each(|one| one.each(see)),
        }
    }

    fn value(&self, facts: &Facts) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Name(name) => facts.param(name).cloned().unwrap_or_else(|| Value::Text(name.clone())),
            Self::Fact(fact) => facts.of(fact),
            Self::Negative(one) => one.value(facts).negative(),
            Self::Not(one) => match one.value(facts) {
                Value::Truth(truth) => Value::Truth(!truth),
                _ => Value::Unknown,
            },
            Self::Two(sign, two) => {
                let [one, other] = &**two;
                sign.of(&one.value(facts), &other.value(facts))
            }
            Self::If(three) => {
                let [condition, then, otherwise] = &**three;
                match condition.value(facts) {
                    Value::Truth(true) => then.value(facts),
                    Value::Truth(false) => otherwise.value(facts),
                    _ => Value::Unknown,
                }
            }
            Self::Call(function, list) => function.of(&list.iter().map(|one| one.value(facts)).collect::<Vec<_>>()),
        }
    }
}

impl Sign {
    fn of(self, one: &Value, other: &Value) -> Value {
        match self {
            // One that is known may be enough.
            Self::Or => match (one, other) {
                (Value::Truth(true), _) | (_, Value::Truth(true)) => Value::Truth(true),
                (Value::Truth(false), Value::Truth(false)) => Value::Truth(false),
                _ => Value::Unknown,
            },
            Self::And => match (one, other) {
                (Value::Truth(false), _) | (_, Value::Truth(false)) => Value::Truth(false),
                (Value::Truth(true), Value::Truth(true)) => Value::Truth(true),
                _ => Value::Unknown,
            },
            Self::Compare(compare) => one
                .compare(other)
                .map_or(Value::Unknown, |order| Value::Truth(compare.holds(order, std::cmp::Ordering::Equal))),
            Self::Plus => one.add(other),
            Self::Minus => one.add(&other.negative()),
            Self::Times => one.times(other),
            Self::By => one.divided_by(other),
            Self::Rest => one.rest_of(other),
        }
    }
}

impl Function {
    fn of(self, list: &[Value]) -> Value {
        match (self, list) {
            (Self::Min | Self::Max, [one, other]) => match one.compare(other) {
                Some(order) => {
                    if (order.is_lt()) == (self == Self::Min) {
                        one.clone()
                    } else {
                        other.clone()
                    }
                }
                None => Value::Unknown,
            },
            (Self::Ceil, [Value::Number(number)]) => Value::Number(number.ceil()),
            (Self::Floor, [Value::Number(number)]) => Value::Number(number.floor()),
            (Self::Round, [Value::Number(number)]) => Value::Number(number.round()),
            (Self::Number, [Value::Number(number)]) => Value::Number(*number),
            (Self::Number, [Value::Text(text)]) => text.trim().parse().map_or(Value::Unknown, Value::Number),
            (Self::Words, [value]) => in_words(value),
            (Self::Part, [Value::Text(text), Value::Text(pattern), rest @ ..]) => {
                let number = match rest {
                    [Value::Number(number)] => *number as usize,
                    _ => 1,
                };
                let stars = Pattern::new(pattern).stars(text).unwrap_or_default();
                let star = number.checked_sub(1).and_then(|place| stars.get(place).copied());
                star.map_or(Value::Unknown, |star| Value::Text(star.to_owned()))
            }
            _ => Value::Unknown,
        }
    }

    /// How many values it takes.
    fn takes(self) -> std::ops::RangeInclusive<usize> {
        match self {
            Self::Min | Self::Max => 2..=2,
            Self::Part => 2..=3,
            Self::Ceil | Self::Floor | Self::Round | Self::Number | Self::Words => 1..=1,
        }
    }
}

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> Result<Node, MomentError> {
        self.chain(Self::both_exprs, |parser| parser.take(&["or"]).then_some(Sign::Or))
    }

    fn both_exprs(&mut self) -> Result<Node, MomentError> {
        self.chain(Self::not_expr, |parser| parser.take(&["and"]).then_some(Sign::And))
    }

    fn not_expr(&mut self) -> Result<Node, MomentError> {
        if self.take(&["not"]) {
            return Ok(Node::Not(Box::new(self.deeper(Self::not_expr)?)));
        }
        let one = self.sum()?;
        match self.take_compare() {
            Some(compare) => Ok(two(Sign::Compare(compare), one, self.sum()?)),
            None => Ok(one),
        }
    }

    fn sum(&mut self) -> Result<Node, MomentError> {
        self.chain(Self::product, |parser| {
            if parser.take_sign("+") { Some(Sign::Plus) } else { parser.take_sign("-").then_some(Sign::Minus) }
        })
    }

    fn product(&mut self) -> Result<Node, MomentError> {
        self.chain(Self::one, |parser| {
            let signs = [("*", Sign::Times), ("/", Sign::By), ("%", Sign::Rest)];
            signs.into_iter().find(|(sign, _)| parser.take_sign(sign)).map(|(_, sign)| sign)
        })
    }

    fn chain(
        &mut self,
        part: impl Fn(&mut Self) -> Result<Node, MomentError>,
        sign: impl Fn(&mut Self) -> Option<Sign>,
    ) -> Result<Node, MomentError> {
        let mut node = part(self)?;
        while let Some(sign) = sign(self) {
            node = two(sign, node, part(self)?);
        }
        Ok(node)
    }

    fn one(&mut self) -> Result<Node, MomentError> {
        if self.take_sign("-") {
            return Ok(Node::Negative(Box::new(self.deeper(Self::one)?)));
        }
        if self.take_sign("(") {
            let node = self.deeper(Self::expr)?;
            self.expect_sign(")")?;
            return Ok(node);
        }
        let value = match self.peek() {
            Some(TokenKind::Number(number)) => Some(Value::Number(*number)),
            Some(TokenKind::Time(time)) => Some(Value::time(*time)),
            Some(TokenKind::Quoted(text)) => Some(Value::Text(text.clone())),
            _ => None,
        };
        if let Some(value) = value {
            self.at += 1;
            return Ok(Node::Value(value));
        }
        if let Some(name) = self.word().filter(|name| self.known.contains(name) && !self.is_fact_of()) {
            let name = name.to_owned();
            self.at += 1;
            return Ok(Node::Name(name));
        }
        if self.take(&["if"]) {
            return self.deeper(Self::choice);
        }
        let is_call = matches!(self.ahead(1), Some(TokenKind::Sign("(")));
        if is_call && let Some(function) = self.take_one(&FUNCTIONS) {
            return self.deeper(|parser| parser.call(function));
        }
        let start = self.at;
        if let Some(asks) = self.fact()? {
            let text = self.text.get(self.span_from(start)).unwrap_or_default();
            let key = text.split_whitespace().collect::<Vec<_>>().join(" ").into();
            return Ok(Node::Fact(Box::new(Fact { key, asks })));
        }
        let Some(word) = self.word() else {
            return Err(self.wrong("here comes a value: a parameter, a number, a time, or something of the run"));
        };
        // `requests-1` is one word; taken apart it may be meant.
        let apart = self.known.iter().find_map(|name| {
            let rest = word.strip_prefix(name)?;
            let sign = rest.chars().next().filter(|sign| "-*/".contains(*sign))?;
            Some(format!("{name} {sign} {}", &rest[sign.len_utf8()..]))
        });
        let names = self.known.iter().copied().chain(FACTS).chain(FUNCTIONS.map(|(name, _)| name));
        let proposal = apart.or_else(|| nearest(word, names).map(str::to_owned));
        Err(self.wrong(format!("`{word}` is no parameter, no fact of the run, and no function")).proposing(proposal))
    }

    /// A word is a fact, although there is a parameter of that name.
    fn is_fact_of(&self) -> bool {
        self.word_ahead(1) == Some("of")
    }

    fn choice(&mut self) -> Result<Node, MomentError> {
        let condition = self.expr()?;
        if !self.take(&["then"]) {
            return Err(self.wrong("a `then` is missing here"));
        }
        let then = self.expr()?;
        if !self.take(&["else"]) {
            return Err(self.wrong("an `else` is missing here"));
        }
        Ok(Node::If(Box::new([condition, then, self.expr()?])))
    }

    fn call(&mut self, function: Function) -> Result<Node, MomentError> {
        let start = self.at - 1;
        self.expect_sign("(")?;
        let mut list = vec![self.expr()?];
        while self.take_sign(",") {
            list.push(self.expr()?);
        }
        self.expect_sign(")")?;
        if !function.takes().contains(&list.len()) {
            let message = format!("this takes {} values", function.takes().start());
            return Err(MomentError::new(self.text, self.span_from(start), message));
        }
        Ok(Node::Call(function, list))
    }

    fn fact(&mut self) -> Result<Option<Asks>, MomentError> {
        if self.take(&["elapsed"]) {
            return Ok(Some(Asks::Elapsed));
        }
        if self.take(&["iterations"]) {
            return Ok(Some(Asks::Iterations));
        }
        if self.take(&["at", "once"]) {
            return Ok(Some(Asks::AtOnce));
        }
        if self.take(&["happens"]) {
            return Ok(Some(Asks::Happens(self.moment_in_parentheses()?)));
        }
        if self.take(&["time", "of"]) {
            return Ok(Some(Asks::TimeOf(self.occurrence()?)));
        }
        if self.take(&["name", "of"]) {
            return Ok(Some(Asks::NameOf(self.occurrence()?)));
        }
        if self.take(&["text", "of"]) {
            return Ok(Some(Asks::TextOf(self.occurrence()?)));
        }
        if self.take(&["count", "of"]) {
            if self.take(&["tasks"]) {
                return Ok(Some(Asks::CountTasks(self.moment_in_parentheses()?)));
            }
            let counted = self.moment_in_parentheses()?;
            let before = if self.take(&["before"]) { Some(self.moment_in_parentheses()?) } else { None };
            return Ok(Some(Asks::CountOf(counted, before)));
        }
        let sums = [("tasks", Sum::Tasks), ("polls", Sum::Polls)];
        let of_tasks = [("running", Sum::Running), ("ready", Sum::Ready), ("waiting", Sum::Waiting)];
        let sum = if self.take(&["longest", "ready"]) {
            Sum::LongestReady
        } else if self.take(&["longest", "poll"]) {
            Sum::LongestPoll
        } else if let Some(sum) = self.take_one(&sums) {
            if !self.take(&["of"]) {
                return Ok(Some(Asks::Sum(sum, Pattern::anything())));
            }
            return Ok(Some(Asks::Sum(sum, self.tasks_of()?)));
        } else if let Some(sum) = self.take_one(&of_tasks) {
            sum
        } else {
            return Ok(None);
        };
        if !self.take(&["of"]) {
            return Err(self.wrong("an `of` is missing here, and the name of a task"));
        }
        Ok(Some(Asks::Sum(sum, self.tasks_of()?)))
    }

    fn tasks_of(&mut self) -> Result<Pattern, MomentError> {
        if self.take(&["any", "task"]) {
            return Ok(Pattern::anything());
        }
        Ok(Pattern::new(&self.name("the name of a task, or a pattern such as `fetch-*`")?))
    }

    fn occurrence(&mut self) -> Result<Occurrence, MomentError> {
        let is_last = self.take(&["last"]);
        self.take(&["first"]);
        Ok(Occurrence { moment: self.moment_in_parentheses()?, is_last })
    }

    fn moment_in_parentheses(&mut self) -> Result<Moment, MomentError> {
        self.expect_sign("(")?;
        let start = self.at;
        let cond = self.deeper(Self::moment)?;
        let text = self.text.get(self.span_from(start)).unwrap_or_default();
        let moment = Moment::new(text, cond);
        self.expect_sign(")")?;
        Ok(moment)
    }
}

fn two(sign: Sign, one: Node, other: Node) -> Node {
    Node::Two(sign, Box::new([one, other]))
}
