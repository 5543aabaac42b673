// A worker thread as a value: questions in, replies out, its death a fault.
import { Worker } from 'node:worker_threads'
import * as E from 'fp-ts/Either'
import { failure, type Fault } from '../core/fault.ts'

/** A thread that is asked one question at a time. */
export interface Thread<Q, R> {
  /** Posts a question and hands replies to `isLast` until it says so; that reply is the answer. Left where the thread dies. */
  readonly ask: <L extends R>(
    question: Q,
    isLast: (reply: R) => reply is L,
  ) => Promise<E.Either<Fault, L>>
  readonly end: () => void
}

/** Starts a thread on a module with what it is told at its start; `where` is what faults call its work. */
export const startThread = <Q, R>(url: URL, workerData: unknown, where: string): Thread<Q, R> => {
  const worker = new Worker(url, { workerData })
  const died = (reason: unknown) =>
    E.left(failure(`a worker stopped (${reason})`, where, 'try again with less data'))
  return {
    ask: (question, isLast) =>
      new Promise(resolve => {
        const listen = (reply: R): void => {
          if (!isLast(reply)) return
          worker.removeAllListeners()
          resolve(E.right(reply))
        }
        worker.on('message', listen)
        worker.on('error', reason => resolve(died(reason)))
        worker.on('exit', code => resolve(died(`exit ${code}`)))
        worker.postMessage(question)
      }),
    end: () => {
      worker.removeAllListeners()
      worker.terminate()
    },
  }
}
