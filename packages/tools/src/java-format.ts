// SPDX-License-Identifier: Apache-2.0
// The parts of Java's String.format that mqadmin's tables use.

/** `%-20s`: text, then blanks up to the width. */
export function left(value: string | number | boolean | undefined, width: number): string {
  return String(value ?? 'null').padEnd(width)
}

/** `%20s`: blanks up to the width, then text. */
export function right(value: string | number | boolean | undefined, width: number): string {
  return String(value ?? 'null').padStart(width)
}

/** `%.2f`: that many digits after the point; halves are rounded up in their decimal form, as Java does. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Infinity' : 'Infinity'
  // toFixed rounds the binary value, Java the shortest decimal text that stands for it: 0.125 and 1.005 differ.
  const text = Math.abs(value).toString()
  if (text.includes('e+')) return withPoint('', BigInt(value).toString(), '0'.repeat(digits))
  if (text.includes('e')) return value.toFixed(digits)
  const [whole = '0', fraction = ''] = text.split('.')
  const sign = value < 0 ? '-' : ''
  if (fraction.length <= digits) return withPoint(sign, whole, fraction.padEnd(digits, '0'))
  const kept = BigInt(whole + fraction.slice(0, digits))
  const roundsUp = (fraction[digits] ?? '0') >= '5'
  const rounded = (roundsUp ? kept + 1n : kept).toString().padStart(digits + 1, '0')
  const point = rounded.length - digits
  return withPoint(sign, rounded.slice(0, point), rounded.slice(point))
}

/** Java's Double.toString: `0.0`, `12.5`, `5.0E-4`. */
export function javaDouble(value: number): string {
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    return Number.isInteger(value) ? `${value}.0` : String(value)
  }
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}

/** `2026-11-21 13:09:14,841` in local time. Source: UtilAll.timeMillisToHumanString2. */
export function humanTime(atMs: number, utcOffsetMinutes: number): string {
  const local = new Date(atMs + utcOffsetMinutes * 60_000).toISOString()
  return `${local.slice(0, 10)} ${local.slice(11, 19)},${local.slice(20, 23)}`
}

function withPoint(sign: string, whole: string, fraction: string): string {
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}
