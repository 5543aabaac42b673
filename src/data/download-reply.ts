// One request of a download: redirects followed with care, the status read, and where the body begins.
import * as E from 'fp-ts/Either'
import { type Fault, failure, fault } from '../core/fault.ts'
import type { Incoming, Transport } from './transport.ts'

/** What went wrong, whether trying again may help, and whether what is there already is of use. */
export interface Trouble {
  readonly fault: Fault
  readonly again: boolean
  readonly keep: boolean
}

/** A body from byte `from` on; `total` is the whole file's length where the server tells it. */
export interface Reply {
  readonly body: AsyncIterable<Uint8Array> | null
  readonly from: number
  readonly total: number | null
  readonly tag: string | null
  readonly close: () => void
}

/** What to ask for: bytes from `from` on, of the file that had this strong entity tag. */
export interface Ask {
  readonly url: string
  readonly from: number
  readonly tag: string | null
  readonly signal: AbortSignal
  readonly transport: Transport
}

const mostRedirects = 5

/** The short name of a connection's error, such as ECONNREFUSED. */
export const reasonOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : error
  return String(code)
}

const never = (url: string, what: string, mend: string): Trouble => ({
  fault: fault(what, url, mend),
  again: false,
  keep: true,
})

/** Trouble of the network's or the server's own, which may pass. */
export const passing = (url: string, what: string, keep = true): Trouble => ({
  fault: failure(what, url, keep ? 'try again; what is there already is kept' : 'try again'),
  again: true,
  keep,
})

const nextUrl = (url: string, location: string | null): E.Either<Trouble, string> => {
  if (location === null || !URL.canParse(location, url)) {
    return E.left(never(url, 'redirected to nowhere', 'give another --mirror'))
  }
  const [here, there] = [new URL(url), new URL(location, url)]
  if (there.protocol !== 'http:' && there.protocol !== 'https:') {
    return E.left(never(url, `redirected to ${there.protocol}`, 'give another --mirror'))
  }
  return here.protocol === 'https:' && there.protocol === 'http:'
    ? E.left(never(url, `redirected to ${there.host} without https`, 'give another --mirror'))
    : E.right(there.href)
}

const refusal = (url: string, status: number): Trouble => {
  if (status === 404 || status === 410) {
    return never(url, `no such file (${status})`, 'check the name and --mirror')
  }
  return status === 408 || status === 429 || status >= 500
    ? passing(url, `the server answers ${status}`)
    : never(url, `the server answers ${status}`, 'give another --mirror')
}

const wholeNumber = (text: string | null | undefined): number | null =>
  text !== null && text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null

// The length says nothing of a body that the client decodes on its way.
const lengthOf = (response: Incoming): number | null =>
  (response.header('content-encoding') ?? 'identity') === 'identity'
    ? wholeNumber(response.header('content-length'))
    : null

const strongTag = (response: Incoming): string | null => {
  const tag = response.header('etag')
  return tag?.startsWith('"') === true ? tag : null
}

const partial = (response: Incoming, { url, from }: Ask): E.Either<Trouble, Reply> => {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.header('content-range') ?? '')
  const { body, close } = response
  return wholeNumber(range?.[1]) === from
    ? E.right({ body, from, total: wholeNumber(range?.[2]), tag: strongTag(response), close })
    : E.left(passing(url, 'the server sends another part than was asked', false))
}

const readStatus = (response: Incoming, ask: Ask): E.Either<Trouble, Reply> => {
  const { body, close, status } = response
  if (status === 206) return partial(response, ask)
  if (status === 416) {
    const whole = /^bytes \*\/(\d+)$/.exec(response.header('content-range') ?? '')
    return wholeNumber(whole?.[1]) === ask.from
      ? E.right({ body: null, from: ask.from, total: ask.from, tag: null, close })
      : E.left(passing(ask.url, 'the part that is there does not fit the file', false))
  }
  return status === 200
    ? E.right({ body, from: 0, total: lengthOf(response), tag: strongTag(response), close })
    : E.left(refusal(ask.url, status))
}

const headersOf = ({ from, tag }: Ask): Record<string, string> => ({
  'accept-encoding': 'identity',
  ...(from > 0 ? { range: `bytes=${from}-` } : {}),
  ...(from > 0 && tag !== null ? { 'if-range': tag } : {}),
})

/** Asks for a file, from a byte on; follows five redirects at most, none from https to http. */
export const requestFile = async (ask: Ask): Promise<E.Either<Trouble, Reply>> => {
  let url = ask.url
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await ask.transport(url, headersOf(ask), ask.signal).catch(reasonOf)
    if (typeof response === 'string') {
      return E.left(passing(url, `no answer (${response})`))
    }
    const read = readStatus(response, { ...ask, url })
    if (E.isRight(read)) return read
    response.close()
    if (response.status < 300 || response.status > 399) return read
    const next = nextUrl(url, response.header('location'))
    if (E.isLeft(next)) return next
    url = next.right
  }
  return E.left(never(ask.url, `more than ${mostRedirects} redirects`, 'give another --mirror'))
}
