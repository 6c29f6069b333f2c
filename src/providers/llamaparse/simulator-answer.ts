/** A reply before it becomes a Response. */
export interface Answer {
  status: number
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
  contentType: string
}

/** One entry of a 422's `detail`, in the shape of LlamaCloud's validator (Pydantic). `input` is what was sent. */
export interface FieldFault {
  type: string
  loc: (string | number)[]
  msg: string
  input: unknown
}

/** Any value as a JSON answer. */
export function answerWith(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value), contentType: 'application/json' }
}

/** An error in LlamaCloud's shape: `{"detail":"…"}`. */
export function refuse(status: number, detail: string): Answer {
  return answerWith({ detail }, status)
}

/** Faults of fields, as LlamaCloud tells them: 422 `{"detail":[{type,loc,msg,input}]}`. */
export function refuseFields(faults: readonly FieldFault[]): Answer {
  return answerWith({ detail: faults }, 422)
}

/** A deleted file or webhook configuration leaves no body; the SDK takes both a 204 and a 200. */
export const nothing: Answer = { status: 204, body: null, contentType: 'application/json' }
