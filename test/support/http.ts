// A web server of single answers on this machine, which may lie about lengths, stall, and cut its connections.
import { createServer, type Socket } from 'node:net'

/** A request as it came. */
export interface Asked {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The first byte that it asks for, 0 where it asks for all. */
  readonly from: number
}

/** An answer; `cut` closes the connection after its body, whatever length it told; `stall` leaves it open. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: Uint8Array
  readonly end?: 'cut' | 'stall'
}

/** A running server: where it is, what it was asked so far, and how it is closed. */
export interface Server {
  readonly url: string
  readonly asked: Array<Asked>
  readonly close: () => void
}

const parse = (head: string): Asked => {
  const [first = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(
    lines.map(line => {
      const [name = '', ...value] = line.split(':')
      return [name.toLowerCase(), value.join(':').trim()]
    }),
  )
  const from = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1]
  return { path: first.split(' ')[1] ?? '', headers, from: Number(from ?? 0) }
}

const write = (socket: Socket, { status, headers = {}, body, end }: Answer): void => {
  const chunked = 'transfer-encoding' in headers
  const length = chunked ? {} : { 'content-length': body?.length ?? 0 }
  const lines = Object.entries({ ...length, connection: 'close', ...headers }).map(
    ([k, v]) => `${k}: ${v}\r\n`,
  )
  socket.write(`HTTP/1.1 ${status} x\r\n${lines.join('')}\r\n`)
  if (body !== undefined && body.length > 0) socket.write(body)
  if (end !== 'stall') socket.end()
}

/** Serves on a free port of 127.0.0.1; `answer` also hears how many requests came before. */
export const serve = (answer: (asked: Asked, before: number) => Answer): Promise<Server> =>
  new Promise(resolve => {
    const asked: Array<Asked> = []
    const sockets = new Set<Socket>()
    const server = createServer(socket => {
      sockets.add(socket)
      let text = ''
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
      socket.on('data', chunk => {
        text += chunk.toString('latin1')
        const end = text.indexOf('\r\n\r\n')
        if (end < 0) return
        const request = parse(text.slice(0, end))
        text = ''
        asked.push(request)
        write(socket, answer(request, asked.length - 1))
      })
    })
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const close = (): void => {
        server.close()
        for (const socket of sockets) socket.destroy()
      }
      resolve({ url: `http://127.0.0.1:${port}`, asked, close })
    })
  })

/** The file from the asked byte on, as a server that knows ranges answers. */
export const ranged = (file: Uint8Array, { from }: Asked): Answer => {
  if (from === 0) return { status: 200, body: file }
  const size = file.length
  return from >= size
    ? { status: 416, headers: { 'content-range': `bytes */${size}` } }
    : {
        status: 206,
        headers: { 'content-range': `bytes ${from}-${size - 1}/${size}` },
        body: file.subarray(from),
      }
}
