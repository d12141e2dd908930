import { type GateName, gateTitle, readGateTitle } from './gate-name.ts';
import { plainLine, SEVERITY_MARK, unescapeMarkdown } from './markdown-text.ts';
import { FACT_LABELS, REMARK_LIMIT } from './render-markdown.ts';
import { withoutComments } from './without-comments.ts';

export interface Tick {
  /** "NSI-2017-0043"; any other id that stands in a line's place is kept as it is, for the caller to judge. */
  issue: string;
  done: boolean;
  /** What somebody wrote behind the line, as plain text. */
  remark: string | null;
  /** Line of the file, from 1. */
  line: number;
}

/** Something that was not taken, or that a person should look at. */
export interface MarkdownProblem {
  line: number;
  message: string;
}

export interface ParsedRoundup {
  /** From the heading "Vulnerability Roundup N"; null where it is gone. */
  roundup: number | null;
  /** From the heading "Release gate 26.11 of nixos-unstable"; null where it is none, or gone. */
  gate: GateName | null;
  /** One for each issue, in the order of the file. */
  ticks: Tick[];
  problems: MarkdownProblem[];
}

/**
 * Takes ticks and remarks back from a roundup that people edited: lines may be moved, sorted, quoted, nested, deleted.
 * A line that is not there says nothing. Never throws; time grows with the length of the text.
 * The same issue with a tick in one line and none in another is a problem, and neither is taken.
 */
export function parseMarkdown(text: string): ParsedRoundup {
  const reading: Reading = { roundup: null, gate: null, items: [], problems: [], current: null };
  const { lines, unclosed } = withoutComments(text.split(/\r\n|\n|\r/));
  if (unclosed !== null)
    reading.problems.push({
      line: unclosed,
      message: 'A comment begins with <!-- and never ends; read as text',
    });
  lines.forEach(({ shown, hidden }, index) => {
    if (hidden !== '' && boxOf(unquoted(hidden)).issue !== null)
      reading.problems.push({
        line: index + 1,
        message: 'This line is inside a comment; its tick is not taken',
      });
    readLine(reading, unquoted(shown), index + 1);
  });
  const ticks = settle(reading.items, reading.problems);
  reading.problems.sort((a, b) => a.line - b.line);
  return { roundup: reading.roundup, gate: reading.gate, ticks, problems: reading.problems };
}

interface Item {
  issue: string;
  box: string;
  line: number;
  indent: number;
  /** Title and what follows in the same paragraph. */
  text: string[];
  /** What people wrote below the line. */
  below: string[];
}

interface Reading {
  roundup: number | null;
  gate: GateName | null;
  items: Item[];
  problems: MarkdownProblem[];
  /** The item that further lines may belong to, and what the line before was. */
  current: { item: Item; last: 'text' | 'below' | 'fact' | 'blank'; factIndent: number } | null;
}

interface Line {
  indent: number;
  /** Without indentation and quote marks. */
  text: string;
}

/** The line without the `>` that mail and replies put before it, and how deep it stands (a tab counts four). */
function unquoted(line: string): Line {
  let indent = 0;
  for (let at = 0; at < line.length; at++) {
    const sign = line[at];
    if (sign === ' ') indent += 1;
    else if (sign === '\t') indent += 4;
    else if (sign === '>') indent = 0;
    else return { indent, text: line.slice(at).trimEnd() };
  }
  return { indent, text: '' };
}

const HEADING = /^#{1,6}[ \t]+Vulnerability[ \t]+Roundup[ \t]+#?(\d{1,9})(?!\d)/i;
const GATE_HEADING = /^#{1,6}[ \t]+Release gate /i;
/** Also one with nothing behind it: where a text was cut. */
const BULLET = /^(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|(?=\[)|$)/;
const BREAK = /^(?:#{1,6}(?:[ \t]|$)|<\/?(?:details|summary)\b|(?:-{3,}|\*{3,}|_{3,}|={3,})$|`{3,}|~{3,})/i;

function readLine(reading: Reading, line: Line, number: number): void {
  const { current } = reading;
  if (line.text === '') {
    if (current !== null) current.last = 'blank';
    return;
  }
  if (BREAK.test(line.text)) {
    reading.current = null;
    readHeading(reading, line.text, number);
    return;
  }
  const { box, issue, rest } = boxOf(line);
  if (box !== null && issue !== null) {
    const item: Item = { issue, box, line: number, indent: line.indent, text: [rest], below: [] };
    reading.items.push(item);
    reading.current = { item, last: 'text', factIndent: 0 };
  } else if (current !== null && belongsTo(current, line)) {
    addTo(current, line);
  } else {
    reading.current = null;
    if (box !== null)
      reading.problems.push({ line: number, message: 'A box without an issue; nothing is taken from it' });
  }
}

function readHeading(reading: Reading, text: string, line: number): void {
  const number = HEADING.exec(text)?.[1];
  const gate = GATE_HEADING.test(text) ? readGateTitle(unescapeMarkdown(text.replace(/^#+/, ''))) : null;
  if (number === undefined && gate === null) return;
  const named = gate === null ? `roundup ${Number(number)}` : gateTitle(gate);
  if (reading.gate === null && reading.roundup === null) {
    reading.gate = gate;
    if (gate === null) reading.roundup = Number(number);
    return;
  }
  const first = reading.gate === null ? String(reading.roundup) : gateTitle(reading.gate);
  if (named !== first && named !== `roundup ${first}`)
    reading.problems.push({
      line,
      message: `A second heading, for ${named}; the first one, ${first}, holds`,
    });
}

/** Whether a line goes on with the item above it: deeper, or the same paragraph. */
function belongsTo(current: NonNullable<Reading['current']>, line: Line): boolean {
  if (line.indent > current.item.indent) return true;
  return current.last !== 'blank' && !BULLET.test(line.text);
}

function addTo(current: NonNullable<Reading['current']>, line: Line): void {
  const bullet = BULLET.exec(line.text);
  const text = bullet === null ? line.text : line.text.slice(bullet[0].length);
  if (bullet !== null && isFact(text)) {
    current.last = 'fact';
    current.factIndent = line.indent;
  } else if (bullet === null && current.last === 'fact' && line.indent > current.factIndent) {
    // An editor wrapped a fact of ours.
  } else if (bullet === null && current.last === 'text') {
    current.item.text.push(text);
  } else {
    current.item.below.push(text);
    current.last = 'below';
  }
}

function isFact(text: string): boolean {
  return FACT_LABELS.some((label) => text.startsWith(`${label}:`));
}

/**
 * An id between backticks as we and the tool of 2016 write it, or an issue's number however it is written. What opens must
 * close: where a file was cut short, the beginning of an id is the id of another issue.
 */
const LINKED = /^\[`#?([A-Za-z0-9][A-Za-z0-9._:-]{0,63})`\]/;
const NAMED = /^(?:\[#?(NSI-\d{4}-\d{4,9})\]|`#?(NSI-\d{4}-\d{4,9})`|#?(NSI-\d{4}-\d{4,9})(?![A-Za-z0-9-]))/i;

/** The box at the beginning of a line, the issue behind it, and what follows the issue's link. */
function boxOf(line: Line): { box: string | null; issue: string | null; rest: string } {
  let text = line.text;
  let bullets = 0;
  for (; bullets < 3; bullets++) {
    const bullet = BULLET.exec(text);
    if (bullet === null) break;
    text = text.slice(bullet[0].length);
  }
  const box = /^\[([^\]`]{0,3})\](?![(:[])/.exec(text);
  if (box === null) return { box: null, issue: null, rest: '' };
  const behind = text.slice(box[0].length).replace(/^[\s~*_]+/, '');
  const head = LINKED.exec(behind) ?? NAMED.exec(behind);
  const id = head?.[1] ?? head?.[2] ?? head?.[3];
  if (head === null || id === undefined)
    return {
      box: bullets > 0 && (box[1]?.trim().length ?? 0) <= 1 ? (box[1] ?? '') : null,
      issue: null,
      rest: '',
    };
  const issue = /^nsi-/i.test(id) ? id.toUpperCase() : id;
  return { box: box[1] ?? '', issue, rest: behind.slice(head[0].length) };
}

/** One tick for each issue, from all lines that name it. */
function settle(items: readonly Item[], problems: MarkdownProblem[]): Tick[] {
  const ofIssue = new Map<string, Tick[]>();
  for (const item of items) {
    const box = item.box.trim().toLowerCase();
    if (box !== 'x' && box !== '') {
      problems.push({
        line: item.line,
        message: `[${item.box}] is neither ticked nor open; ${item.issue} is not taken`,
      });
      continue;
    }
    const tick = { issue: item.issue, done: box === 'x', remark: remarkOf(item), line: item.line };
    const same = ofIssue.get(item.issue);
    if (same === undefined) ofIssue.set(item.issue, [tick]);
    else same.push(tick);
  }
  return [...ofIssue.values()].flatMap((ticks) => settleOne(ticks, problems));
}

function settleOne(ticks: readonly Tick[], problems: MarkdownProblem[]): Tick[] {
  const [first, ...others] = ticks;
  if (first === undefined) return [];
  const opposed = others.find(({ done }) => done !== first.done);
  if (opposed !== undefined) {
    const words = first.done ? 'ticked here and open' : 'open here and ticked';
    problems.push({
      line: first.line,
      message: `${first.issue} is ${words} in line ${opposed.line}; neither is taken`,
    });
    return [];
  }
  const remarks = new Set(ticks.flatMap(({ remark }) => (remark === null ? [] : [remark])));
  return [
    { ...first, remark: remarks.size === 0 ? null : plainLine([...remarks].join(' · '), REMARK_LIMIT) },
  ];
}

/** What people put between our text and their own. */
const SEPARATOR = /^\s*(?:—|–|-{1,3}(?=\s)|=>|->|→|[:;,])?\s*/;
/** Where the severity was deleted, or never was (2016): a remark is what stands behind a dash. */
const DASH = /\s(?:—|–|--|=>|->|→)\s/;

function remarkOf(item: Item): string | null {
  const text = item.text.join(' ');
  const parts = [behindTitle(text), ...item.below].map((part) => unescapeMarkdown(part));
  const remark = plainLine(parts.filter((part) => part.trim() !== '').join(' '), REMARK_LIMIT);
  return remark === '' ? null : remark;
}

function behindTitle(text: string): string {
  const mark = SEVERITY_MARK.exec(text);
  if (mark !== null)
    return text
      .slice(mark.index + mark[0].length)
      .replace(/^[~*_]+/, '')
      .replace(SEPARATOR, '');
  const dash = DASH.exec(text);
  return dash === null ? '' : text.slice(dash.index + dash[0].length);
}
