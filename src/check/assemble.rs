//! One file to its programme: what it declares, and its targets as read.
//!
//! Enters: the tree of a file and those of the files that it imports. Leaves: a [`File`], which
//! [`super::make`] turns into indicators and targets once every condition has been read.

use std::collections::{HashMap, HashSet};

use super::declare::Declared;
use super::milestones::{Lines, is_threshold};
use super::model::{Group, IndicatorId, Programme, ProgrammeId};
use super::reader::{Condition, Name, Reader, Term, error};
use super::relation::Relation;
use super::score::By;
use super::settings::{self, Place, Settings};
use super::units::{self, Claim};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Lang, Message};
use crate::source::{Source, SourceId, Span};
use crate::syntax::{self, Block, Head, Key, KeyLine, TargetLine, Tree};
use crate::text::{self, Abbreviations};

/// A file being read.
pub(super) struct File<'a> {
    pub(super) source: &'a Source,
    pub(super) programme: Programme,
    pub(super) id: ProgrammeId,
    /// The head of the programme.
    span: Span,
    /// Declarations may be missing: a name that is not known is no fault of this file.
    pub(super) incomplete: bool,
    pub(super) defaults: Settings,
    pub(super) drafts: Vec<Draft>,
    pub(super) relations: Vec<Relation>,
    pub(super) names: Vec<Named>,
    /// The place of each group by the normal form of its name.
    group_places: HashMap<String, usize>,
    /// Keys of declared names and their aliases.
    declared: HashSet<String>,
}

/// An indicator that conditions name or sections declare, with what is said of its unit.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: Name,
    pub(super) claims: Vec<Claim>,
    pub(super) declared: Option<Declared>,
    /// It is declared in this file, not in one that it imports.
    pub(super) own: bool,
    pub(super) used: bool,
}

/// A target whose units are not agreed yet.
pub(super) struct Draft {
    pub(super) code: Option<(String, Span)>,
    pub(super) group: Option<String>,
    pub(super) body: Body,
    /// `luôn` stands in the head above `đến` and `khi` lines.
    pub(super) always: bool,
    pub(super) lines: Lines,
    pub(super) own_due: bool,
    pub(super) settings: Settings,
    pub(super) span: Span,
}

/// What a target's own line holds.
pub(super) enum Body {
    Condition(Condition),
    Head(Term),
}

/// A file with its source, for imports.
pub(super) struct Imported<'a> {
    pub(super) source: &'a Source,
    pub(super) tree: &'a Tree,
}

/// Finds the faults of a file that is here only because others import it.
pub(super) fn catalogue(
    source: &Source,
    tree: &Tree,
    imports: &[Imported<'_>],
    found: &mut Diagnostics,
) {
    let head = tree.blocks.iter().find(|it| matches!(it.head, Head::Programme(_)));
    let defaults = programme_settings(source, tree, head, found);
    sections(source, tree, imports, &defaults, found);
}

/// The language in which a file writes its numbers, whoever imports it.
fn language(source: &Source, tree: &Tree) -> Lang {
    let head = tree.blocks.iter().find(|it| matches!(it.head, Head::Programme(_)));
    let settings = programme_settings(source, tree, head, &mut Diagnostics::new());
    settings.lang.unwrap_or_default()
}

/// Finds the faults of the `chỉ số:` sections of a file that judges nothing itself.
fn sections(
    source: &Source,
    tree: &Tree,
    imports: &[Imported<'_>],
    defaults: &Settings,
    found: &mut Diagnostics,
) {
    let abbreviations = abbreviations(defaults, imports);
    let mut reader = Reader {
        source,
        lang: defaults.lang.unwrap_or_default(),
        abbreviations: &abbreviations,
        reading: None,
        attributes: false,
        free_end: false,
        of_units: false,
        declared: None,
        found,
    };
    for block in &tree.blocks {
        if let Head::Indicator(name) = block.head {
            reader.declared(name, block);
        }
    }
}

/// The abbreviations of a file and of those that it imports.
fn abbreviations(defaults: &Settings, imports: &[Imported<'_>]) -> Abbreviations {
    let mut abbreviations = defaults.abbreviations.clone();
    for import in imports {
        let mut quiet = Diagnostics::new();
        let head = import.tree.blocks.iter().find(|it| matches!(it.head, Head::Programme(_)));
        let theirs = programme_settings(import.source, import.tree, head, &mut quiet);
        adopt(&mut abbreviations, &theirs.abbreviations);
    }
    abbreviations
}

impl<'a> File<'a> {
    /// Reads a file; `None` where it holds no programme of its own.
    pub(super) fn read(
        source: &'a Source,
        tree: &'a Tree,
        imports: &[Imported<'a>],
        id: ProgrammeId,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let mut file = Self::open(source, tree, imports, id, found)?;
        for import in imports {
            file.declarations(import.source, import.tree, false, found);
        }
        file.declarations(source, tree, true, found);
        let mut group = None;
        for block in &tree.blocks {
            match &block.head {
                Head::File | Head::Programme(_) | Head::Indicator(_) | Head::Test(_) => {}
                Head::Group(name) => {
                    let settings = settings::read(source, Place::Group, &block.keys, found);
                    let name = file.group(block, *name, found);
                    group = Some((name, settings));
                }
                Head::Target(line) => file.target(block, line, group.as_ref(), found),
                Head::Check(value) => file.relation(block, *value, found),
            }
        }
        Some(file)
    }

    /// Reads the head of a programme.
    fn open(
        source: &'a Source,
        tree: &Tree,
        imports: &[Imported<'a>],
        id: ProgrammeId,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let mut heads = tree.blocks.iter().filter(|it| matches!(it.head, Head::Programme(_)));
        let head = heads.next();
        if let Some(second) = heads.next() {
            found.push(second_programme(second.span));
        }
        let defaults = programme_settings(source, tree, head, found);
        let judged = |block: &Block| matches!(block.head, Head::Target(_) | Head::Check(_));
        if !tree.blocks.iter().any(judged) {
            sections(source, tree, imports, &defaults, found);
            let declares = |block: &Block| matches!(block.head, Head::Indicator(_));
            if let Some(span) = programme_line(tree, head)
                && !tree.blocks.iter().any(declares)
            {
                found.push(no_target(span));
            }
            return None;
        }
        let abbreviations = abbreviations(&defaults, imports);
        let stem = stem(source.name());
        let name = match head.map(|block| &block.head) {
            Some(Head::Programme(span)) => syntax::shown_text(source, *span),
            _ => stem.clone(),
        };
        let name = if name.is_empty() { stem } else { name };
        let code = defaults.code.clone().unwrap_or_else(|| name.clone());
        let lang = defaults.lang.unwrap_or_default();
        let span = head.map_or_else(|| whole(tree), |block| block.span);
        let programme = Programme {
            code,
            name,
            lang,
            abbreviations,
            names: HashMap::new(),
            groups: Vec::new(),
        };
        let (drafts, relations, names) = (Vec::new(), Vec::new(), Vec::new());
        let group_places = HashMap::new();
        Some(Self {
            source,
            programme,
            id,
            span,
            incomplete: false,
            defaults,
            drafts,
            relations,
            names,
            group_places,
            declared: HashSet::new(),
        })
    }

    /// Takes in a later file of the same `mã`, which amends this one; otherwise the codes are the
    /// same by accident.
    pub(super) fn absorb(&mut self, other: Self, found: &mut Diagnostics) {
        let code = &self.programme.code;
        if self.defaults.code.is_none() || other.defaults.code.is_none() {
            let (own, name) = (&self.programme.name, &other.programme.name);
            found.push(
                error(
                    Code::SameProgrammeCode,
                    other.span,
                    format!("chương trình `{name}` trùng mã `{code}` với `{own}`"),
                    format!("the programme `{name}` has the code `{code}` of `{own}`"),
                )
                .with_help(Message::new(
                    "đặt `mã:` riêng cho từng chương trình; cùng một `mã:` là sửa đổi chương trình \
                     ấy",
                    "give each programme a `code:` of its own; one `code:` amends the programme",
                )),
            );
            return;
        }
        adopt(&mut self.programme.abbreviations, &other.programme.abbreviations);
        let mut known: Vec<_> = other.programme.names.iter().collect();
        // New names take their places in the order of the file.
        known.sort_by_key(|(key, id)| (id.0, key.as_str()));
        for (key, id) in known {
            let Some(named) = other.names.get(id.0 as usize) else { continue };
            let place = self.named(&named.name);
            self.programme.names.entry(key.clone()).or_insert(IndicatorId(place));
        }
        for named in other.names {
            let place = self.named(&named.name);
            let Some(known) = self.names.get_mut(place as usize) else { continue };
            known.claims.extend(named.claims);
            known.used |= named.used;
            match (&known.declared, named.declared) {
                (Some(first), Some(second)) if named.own => {
                    found.push(same_name(&second.name, &first.name));
                }
                (None, Some(declared)) => known.declared = Some(declared),
                _ => {}
            }
        }
        for group in other.programme.groups {
            self.add_group(group, found);
        }
        self.incomplete |= other.incomplete;
        self.drafts.extend(other.drafts);
        self.relations.extend(other.relations);
    }

    pub(super) fn reader<'r>(
        &'r self,
        source: &'r Source,
        found: &'r mut Diagnostics,
    ) -> Reader<'r> {
        Reader {
            source,
            lang: self.programme.lang,
            abbreviations: &self.programme.abbreviations,
            reading: None,
            attributes: false,
            free_end: false,
            of_units: false,
            declared: Some(&self.declared),
            found,
        }
    }

    /// Takes in the `chỉ số:` sections of a file.
    fn declarations(
        &mut self,
        source: &'a Source,
        tree: &Tree,
        own: bool,
        found: &mut Diagnostics,
    ) {
        let mut quiet = Diagnostics::new();
        let lang = if own { self.programme.lang } else { language(source, tree) };
        for block in &tree.blocks {
            let Head::Indicator(name) = block.head else { continue };
            // The faults of an imported file are reported once, not by each file that imports it.
            let into = if own { &mut *found } else { &mut quiet };
            let mut reader = Reader { lang, ..self.reader(source, into) };
            let Some(declared) = reader.declared(name, block) else { continue };
            self.declare(declared, own, found);
        }
    }

    /// Takes in a heading; its name.
    fn group(&mut self, block: &Block, name: Span, found: &mut Diagnostics) -> String {
        let span = name;
        let name = syntax::shown_text(self.source, name);
        let line = block.keys.iter().find(|line| line.key == Key::Points);
        let line = line.filter(|line| !self.source.slice(line.value).trim().is_empty());
        let points = line.and_then(|line| self.reader(self.source, found).points_line(line));
        let points = points.map(|(points, _)| points);
        self.add_group(Group { name: name.clone(), points, span }, found);
        name
    }

    /// A heading that stands in several places is one group.
    fn add_group(&mut self, group: Group, found: &mut Diagnostics) {
        let next = self.group_places.len();
        let place = *self.group_places.entry(text::normal(&group.name)).or_insert(next);
        match self.programme.groups.get_mut(place) {
            None => self.programme.groups.push(group),
            Some(known) => match (&known.points, group.points) {
                (_, None) => {}
                (None, points) => known.points = points,
                (Some(first), Some(points)) if *first == points => {}
                (Some(_), Some(_)) => found.push(
                    error(
                        Code::KeyTwice,
                        group.span,
                        format!("nhóm `{}` có hai mức điểm", group.name),
                        format!("the group `{}` has points twice", group.name),
                    )
                    .with_label(known.span, Message::new("nhóm thứ nhất", "the first one")),
                ),
            },
        }
    }

    fn declare(&mut self, declared: Declared, own: bool, found: &mut Diagnostics) {
        let name = declared.name.clone();
        let place = self.named(&name);
        let Some(named) = self.names.get_mut(place as usize) else { return };
        if let Some(first) = &named.declared {
            found.push(same_name(&name, &first.name));
            return;
        }
        (named.name, named.own) = (name, own);
        let aliases = declared.aliases.clone();
        let keys = aliases.iter().chain([&declared.name]).map(|name| name.key.clone());
        self.declared.extend(keys);
        if let Some(formula) = &declared.formula {
            self.note_term(formula);
        }
        if let Some(named) = self.names.get_mut(place as usize) {
            named.declared = Some(declared);
        }
        for alias in aliases {
            let known = self.programme.names.insert(alias.key.clone(), IndicatorId(place));
            let other = known.filter(|id| id.0 != place);
            let other = other.and_then(|id| self.names.get(id.0 as usize));
            if let Some(other) = other {
                found.push(same_name(&alias, &other.name));
            }
        }
    }

    /// Reads one target with the keys below it.
    fn target(
        &mut self,
        block: &Block,
        line: &TargetLine,
        group: Option<&(String, Settings)>,
        found: &mut Diagnostics,
    ) {
        if line.tokens.is_empty() && line.code.is_none() {
            return;
        }
        let own = settings::read(self.source, Place::Target, &block.keys, found);
        let mut reader = self.reader(self.source, found);
        reader.reading = own.reading;
        let has_lines = block.keys.iter().any(|key| is_threshold(key.key));
        let mut always = false;
        let body = if has_lines || reader.scored_without_comparator(&line.tokens, &block.keys) {
            reader.head(&line.tokens, block.span).map(|(term, all)| {
                always = all;
                Body::Head(term)
            })
        } else {
            reader.condition(&line.tokens, block.span).map(Body::Condition)
        };
        let lines = reader.lines(&block.keys);
        let Some(body) = body.filter(|_| !own.broken && !lines.broken) else { return };
        match &body {
            Body::Condition(condition) => self.note_condition(condition),
            Body::Head(term) => self.note_term(term),
        }
        self.note_lines(&body, &lines);
        let code = line.code.map(|span| (syntax::shown_text(self.source, span), span));
        let own_due = own.due.is_some();
        let settings = inherit(own, group.map(|(_, settings)| settings), &self.defaults);
        let group = group.map(|(name, _)| name.clone());
        let span = block.span;
        self.drafts.push(Draft { code, group, body, always, lines, own_due, settings, span });
    }

    /// Names what a condition names, with what its thresholds say of units.
    fn note_condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Compare(read) => {
                self.note_term(&read.measure);
                if let super::reader::Asked::Against(_, other) = &read.asked {
                    self.note_term(other);
                }
                self.note_claims(&read.measure, units::claims(&read.asked));
            }
            Condition::Attribute(_) => {}
            Condition::All(parts) | Condition::Any(parts) => {
                for (_, part) in parts {
                    self.note_condition(part);
                }
            }
            Condition::Not(part) | Condition::Always(part) => self.note_condition(&part.1),
            Condition::Units(every) => self.note_condition(&every.part.1),
        }
    }

    pub(super) fn note_term(&mut self, term: &Term) {
        let mut names = Vec::new();
        term.names(&mut names);
        for name in names {
            let place = self.named(name);
            if let Some(named) = self.names.get_mut(place as usize) {
                named.used = true;
            }
        }
        let mut asked = Vec::new();
        term.asked_of_units(&mut asked);
        for condition in asked {
            self.note_condition(condition);
        }
    }

    fn note_claims(&mut self, measure: &Term, claims: Vec<Claim>) {
        let Some(name) = measure.measures() else { return };
        let place = self.named(name);
        if let Some(named) = self.names.get_mut(place as usize) {
            named.claims.extend(claims);
        }
    }

    fn note_lines(&mut self, body: &Body, lines: &Lines) {
        if let Some(By::Expression(points)) = &lines.scored.by {
            self.note_term(points);
        }
        let measure = match body {
            Body::Head(term) => term,
            Body::Condition(condition) => match condition.one_comparison() {
                Some(read) => &read.measure,
                None => return,
            },
        };
        for line in lines.thresholds.iter().chain(&lines.otherwise) {
            if let super::reader::Asked::Against(_, other) = &line.asked {
                self.note_term(other);
            }
            self.note_claims(measure, units::claims(&line.asked));
            if let Some(when) = &line.when {
                self.note_condition(when);
            }
        }
        let of_baseline = measure.of_baseline().unwrap_or(measure);
        for (_, quantity) in &lines.baselines {
            self.note_claims(of_baseline, vec![units::claim(quantity)]);
        }
        if let Some(quantity) = &lines.stretch {
            self.note_claims(measure, vec![units::claim(quantity)]);
        }
        let truth = matches!(body, Body::Condition(Condition::Compare(read))
            if matches!(read.asked, super::reader::Asked::Truth { .. }));
        if !truth {
            self.note_claims(measure, lines.scored.claims());
        }
    }

    /// The place of an indicator's name; a new one is added.
    fn named(&mut self, name: &Name) -> u32 {
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let place = *self.programme.names.entry(name.key.clone()).or_insert(IndicatorId(next));
        if place.0 == next {
            self.names.push(Named {
                name: name.clone(),
                claims: Vec::new(),
                declared: None,
                own: true,
                used: false,
            });
        }
        place.0
    }
}

/// What stands before and below the head of a programme.
fn programme_settings(
    source: &Source,
    tree: &Tree,
    head: Option<&Block>,
    found: &mut Diagnostics,
) -> Settings {
    let top = tree.blocks.iter().find(|block| block.head == Head::File);
    let place = if head.is_some() { Place::File } else { Place::Programme };
    let keys = top.map_or(&[][..], |block| block.keys.as_slice());
    let before = settings::read(source, place, keys, found);
    let Some(block) = head else { return before };
    let mut settings = settings::read(source, Place::Programme, &block.keys, found);
    settings.lang = settings.lang.or(before.lang);
    adopt(&mut settings.abbreviations, &before.abbreviations);
    settings
}

/// Adds abbreviations; one that has another meaning already keeps it.
fn adopt(abbreviations: &mut Abbreviations, others: &Abbreviations) {
    for (short, long) in others.iter() {
        // The nearer declaration wins: an import does not change what the file itself says.
        let _ = abbreviations.insert(short, long);
    }
}

/// What a target says itself, then its group, then its programme.
fn inherit(own: Settings, group: Option<&Settings>, programme: &Settings) -> Settings {
    let mut settings = own;
    for above in group.into_iter().chain([programme]) {
        settings.scope = settings.scope.or_else(|| above.scope.clone());
        settings.window = settings.window.or(above.window);
        settings.due_span = settings.due_span.or(above.due_span);
        settings.due = settings.due.or(above.due);
        settings.basis = settings.basis.or_else(|| above.basis.clone());
        settings.owner = settings.owner.or_else(|| above.owner.clone());
    }
    settings
}

fn same_name(name: &Name, first: &Name) -> Diagnostic {
    let found = error(
        Code::SameName,
        name.span,
        format!("`{}` và `{}` là một tên", name.display, first.display),
        format!("`{}` and `{}` are one name", name.display, first.display),
    );
    if name.span.source == first.span.source {
        found.with_label(first.span, Message::new("khai báo thứ nhất", "the first one"))
    } else {
        found
    }
}

/// The line that makes a file a programme: its head, or a key that no list of words has.
fn programme_line(tree: &Tree, head: Option<&Block>) -> Option<Span> {
    let of_words = |line: &&KeyLine| {
        !matches!(line.key, Key::Abbreviation | Key::Use | Key::Language | Key::Note | Key::Strict)
    };
    let ours = |block: &&Block| matches!(block.head, Head::File | Head::Group(_));
    let mut keys = tree.blocks.iter().filter(ours).flat_map(|block| &block.keys);
    head.map(|head| head.span).or_else(|| keys.find(of_words).map(|line| line.span))
}

fn no_target(span: Span) -> Diagnostic {
    error(Code::NoTarget, span, "chương trình không có chỉ tiêu nào", "the programme has no target")
        .with_help(Message::new(
            "viết mỗi chỉ tiêu trên một dòng: `tỷ lệ hồ sơ đúng hạn >= 96%`",
            "write each target on a line: `tỷ lệ hồ sơ đúng hạn >= 96%`",
        ))
}

fn second_programme(span: Span) -> Diagnostic {
    error(Code::KeyTwice, span, "một tệp chỉ có một chương trình", "a file has one programme")
        .with_help(Message::new(
            "chuyển chương trình thứ hai sang tệp khác",
            "move the second programme to a file of its own",
        ))
}

/// A file's name without its folders and ending.
fn stem(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    last.strip_suffix(".chitieu").unwrap_or(last).to_owned()
}

fn whole(tree: &Tree) -> Span {
    let start = Span { source: SourceId(0), start: 0, end: 0 };
    tree.blocks.iter().map(|block| block.span).reduce(Span::to).unwrap_or(start)
}
