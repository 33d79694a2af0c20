/** A WAV file of silence: mono, 8 bits, 8,000 samples a second. */
export function silence(seconds: number): Buffer<ArrayBuffer> {
  const samples = Buffer.alloc(8000 * seconds, 128);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** A file whole, or the part that a `Range` header asks for. */
export function inParts(file: Buffer<ArrayBuffer>, type: string, range: string | undefined): Response {
  const headers = { 'Content-Type': type, 'Accept-Ranges': 'bytes' };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return new Response(file, { headers });
  const start = Number(from);
  const end = Math.min(to ? Number(to) : file.length - 1, file.length - 1);
  if (start > end)
    return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${file.length}` } });
  return new Response(file.subarray(start, end + 1), {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${start}-${end}/${file.length}` },
  });
}
