// SPDX-License-Identifier: Apache-2.0
// Tells code, comments and literals of a TypeScript source apart, without parsing it.

/** Three views of one source, each as long as the source itself, so that offsets and lines agree. */
export interface SourceText {
  /** Comments are blanks. */
  readonly code: string
  /** Comments are blanks, and so is the inside of strings, templates and regular expressions. */
  readonly bare: string
  /** Everything but comments is blank. */
  readonly comments: string
}

type Region = 'code' | 'comment' | 'literal'

/** Splits a source into its three views. */
export function splitSource(text: string): SourceText {
  const regions = classify(text)
  return {
    code: keep(text, regions, (region) => region !== 'comment'),
    bare: keep(text, regions, (region) => region === 'code'),
    comments: keep(text, regions, (region) => region === 'comment'),
  }
}

/** The line, counted from 1, that an offset is on. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let index = text.indexOf('\n'); index >= 0 && index < offset;) {
    line++
    index = text.indexOf('\n', index + 1)
  }
  return line
}

function keep(text: string, regions: readonly Region[], isKept: (region: Region) => boolean) {
  let kept = ''
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    kept += character === '\n' || isKept(regions[index] ?? 'code') ? character : ' '
  }
  return kept
}

/** Says for every character what it belongs to. The quotes of a literal count as code. */
function classify(text: string): Region[] {
  const regions = new Array<Region>(text.length).fill('code')
  // Depths of `{` at which a `}` ends a template's `${…}` and the template goes on.
  const templateDepths: number[] = []
  let depth = 0
  let index = 0
  const mark = (end: number, region: Region): void => {
    regions.fill(region, index, end)
    index = end
  }
  while (index < text.length) {
    const character = text.charAt(index)
    const next = text.charAt(index + 1)
    if (character === '/' && next === '/') mark(endOf(text, '\n', index), 'comment')
    else if (character === '/' && next === '*') mark(endOf(text, '*/', index + 2) + 2, 'comment')
    else if (character === "'" || character === '"') {
      index++
      mark(endOfLiteral(text, index, character), 'literal')
      index++
    } else if (character === '/' && startsRegExp(text, index)) {
      index++
      mark(endOfRegExp(text, index), 'literal')
      index++
    } else if (character === '`' || (character === '}' && templateDepths.at(-1) === depth)) {
      if (character === '}') templateDepths.pop()
      index++
      const end = endOfTemplatePart(text, index)
      mark(end, 'literal')
      if (text.startsWith('${', end)) {
        templateDepths.push(depth)
        index = end + 2
      } else index = end + 1
    } else {
      if (character === '{') depth++
      if (character === '}') depth--
      index++
    }
  }
  return regions
}

function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from)
  return found < 0 ? text.length : found
}

function endOfLiteral(text: string, from: number, quote: string): number {
  let index = from
  while (index < text.length && text.charAt(index) !== quote && text.charAt(index) !== '\n') {
    index += text.charAt(index) === '\\' ? 2 : 1
  }
  return index
}

function endOfTemplatePart(text: string, from: number): number {
  let index = from
  while (index < text.length && text.charAt(index) !== '`' && !text.startsWith('${', index)) {
    index += text.charAt(index) === '\\' ? 2 : 1
  }
  return index
}

function endOfRegExp(text: string, from: number): number {
  let inClass = false
  let index = from
  while (index < text.length && text.charAt(index) !== '\n') {
    const character = text.charAt(index)
    if (character === '/' && !inClass) return index
    if (character === '[') inClass = true
    if (character === ']') inClass = false
    index += character === '\\' ? 2 : 1
  }
  return index
}

/** A slash after a value divides; anywhere else it opens a regular expression. */
function startsRegExp(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at).trimEnd()
  if (/(?:^|[^\w$.])(?:return|typeof|case|in|of|await|yield|throw)$/.test(before)) return true
  return !/[\w$)\]}'"`]$/.test(before)
}
