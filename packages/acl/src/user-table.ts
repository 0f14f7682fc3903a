// SPDX-License-Identifier: Apache-2.0
// The users a server knows: a small table in memory.

/** A user as authentication needs it. The access key is the name. */
export interface User {
  readonly accessKey: string
  readonly secretKey: string
  /** A disabled user is refused whatever the signature. */
  readonly enabled?: boolean
}

/** Users by access key. */
export class UserTable {
  readonly #users = new Map<string, User>()

  constructor(users: Iterable<User> = []) {
    for (const user of users) this.put(user)
  }

  /** Adds the user, or replaces the one of that access key. */
  put(user: User): void {
    this.#users.set(user.accessKey, user)
  }

  delete(accessKey: string): boolean {
    return this.#users.delete(accessKey)
  }

  find(accessKey: string): User | undefined {
    return this.#users.get(accessKey)
  }
}
