// Prints the name of the adapter that Dawn finds; exit 1 where there is none. Set-up runs it alone,
// so that a driver that crashes crashes nothing else.
import { create } from 'webgpu'

const gpu = create([])
const adapter = await gpu.requestAdapter()
console.log(adapter?.info.description || adapter?.info.device || '')
process.exit(adapter === null ? 1 : 0)
