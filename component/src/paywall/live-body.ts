/** The bytes of an answer. Several elements may read them: while they arrive, and afterwards. */
export type LiveBody = {
  /**
   * Gives every piece, from the first one on, and resolves after the last.
   * @throws what the connection threw when it broke off.
   */
  read(onPiece: (piece: Uint8Array<ArrayBuffer>) => void): Promise<void>;
};

/** Starts to read at once, whether or not anybody looks. */
export function liveBody(response: Response): LiveBody {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const readers = new Set<(piece: Uint8Array<ArrayBuffer>) => void>();
  const end = pull(response, (piece) => {
    pieces.push(piece);
    for (const read of readers) read(piece);
  });
  end.catch(() => {}); // Whoever reads it is told.
  return {
    async read(onPiece) {
      for (const piece of pieces) onPiece(piece);
      readers.add(onPiece);
      await end.finally(() => readers.delete(onPiece));
    },
  };
}

/** All of it, as a file of `type`. */
export async function blobOf(body: LiveBody, type: string): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  await body.read((piece) => pieces.push(piece));
  return new Blob(pieces, { type });
}

/** All of it, as text; `onText` gets each part of it as it arrives. */
export async function textOf(
  body: LiveBody,
  charset: string,
  onText: (part: string) => void = () => {},
): Promise<string> {
  const decoder = decoderFor(charset);
  let text = '';
  const add = (part: string): void => {
    text += part;
    if (part !== '') onText(part);
  };
  await body.read((piece) => add(decoder.decode(piece, { stream: true })));
  add(decoder.decode());
  return text;
}

async function pull(response: Response, onPiece: (piece: Uint8Array<ArrayBuffer>) => void): Promise<void> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  for (let next = await reader.read(); !next.done; next = await reader.read()) onPiece(next.value);
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
