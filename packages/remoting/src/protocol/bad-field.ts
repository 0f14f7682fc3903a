// SPDX-License-Identifier: Apache-2.0
// A header field that cannot be read; its text is what the peer is answered.

/** Thrown while reading a header. The server answers SYSTEM_ERROR with {@link BadField.message}, as Java does. */
export class BadField extends Error {
  constructor(remark: string) {
    super(remark)
    this.name = 'BadField'
  }
}

/** Java's text for digits it cannot read. */
export function malformedNumber(text: string): BadField {
  return new BadField(`java.lang.NumberFormatException: For input string: "${text}"`)
}

/** Java's text for a required field that is not there. */
export function missingField(name: string): BadField {
  return new BadField(
    `org.apache.rocketmq.remoting.exception.RemotingCommandException: the custom field <${name}> is null`,
  )
}
