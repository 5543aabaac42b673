// A web request as status, headers and a stream that loses no byte that came before a connection was cut.
import { get as getHttp, type IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'

/** An answer under way. `body` ends with an error where the connection is cut; `close` gives it up. */
export interface Incoming {
  readonly status: number
  readonly header: (name: string) => string | null
  readonly body: AsyncIterable<Uint8Array>
  readonly close: () => void
}

type Headers = Readonly<Record<string, string>>

/** Sends a GET request, follows no redirect; rejects where no answer comes. */
export type Transport = (url: string, headers: Headers, signal: AbortSignal) => Promise<Incoming>

// fetch drops bytes that arrive together with the end of a connection, so the stream is read here: pieces wait in a
// queue while the connection is paused, and an error comes after the pieces before it.
const piecesOf = (response: IncomingMessage): AsyncIterable<Uint8Array> => {
  const queue: Array<Uint8Array> = []
  let ended: { readonly error: unknown } | undefined
  let wake = (): void => undefined
  const end = (error: unknown) => (): void => {
    ended ??= { error }
    wake()
  }
  response.on('data', (piece: Uint8Array) => {
    queue.push(piece)
    response.pause()
    wake()
  })
  response.on('end', end(undefined))
  response.on('error', error => end(error)())
  response.on('close', end(new Error('closed')))
  return (async function* () {
    for (;;) {
      const piece = queue.shift()
      if (piece !== undefined) yield piece
      else if (ended === undefined) {
        await new Promise<void>(resolve => {
          wake = resolve
          response.resume()
        })
      } else if (ended.error === undefined) return
      else throw ended.error
    }
  })()
}

const direct: Transport = (url, headers, signal) =>
  new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getHttps : getHttp
    const request = get(url, { headers, signal }, response =>
      resolve({
        status: response.statusCode ?? 0,
        header: name => response.headers[name]?.toString() ?? null,
        body: piecesOf(response),
        close: () => request.destroy(),
      }),
    )
    request.on('error', reject)
  })

const empty = async function* (): AsyncGenerator<Uint8Array> {}

const throughProxy: Transport = async (url, headers, signal) => {
  const response = await fetch(url, { headers, signal, redirect: 'manual' })
  return {
    status: response.status,
    header: name => response.headers.get(name),
    body: response.body ?? empty(),
    close: () => void response.body?.cancel().catch(() => undefined),
  }
}

/** The transport of this machine: fetch knows the way through a proxy that the environment names. */
export const transportFor = (env: NodeJS.ProcessEnv): Transport =>
  ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some(name => env[name])
    ? throughProxy
    : direct
