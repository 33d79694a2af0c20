/** A small thing of each kind that the docs sell. */
export type Sample = {
  /** Last part of its address. */
  readonly name: string;
  readonly type: string;
  readonly body: () => string | Buffer<ArrayBuffer>;
  /** Whether it is a file to save. */
  readonly isFile?: boolean;
};

const MARKDOWN = `## High water

| Port | 6 May | 7 May |
| --- | --- | --- |
| Leith | 02:14 | 03:02 |
| Wick | 11:31 | 12:20 |

It comes *fifty minutes later* each day.
`;

const DATA = {
  port: 'Leith',
  tides: [
    { at: '02:14', metres: 5.1 },
    { at: '14:38', metres: 5.3 },
  ],
};

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 120" width="400" height="120">
<path d="M0 60 C50 0 100 0 150 60 S250 120 300 60 S380 10 400 30" fill="none" stroke="#14594d" stroke-width="4"/>
<path d="M0 60 H400" stroke="#8aa" stroke-dasharray="4 6"/></svg>`;

/** Sold at `/docs/sold/…`, a cent each. */
export const SAMPLES: readonly Sample[] = [
  { name: 'tides.md', type: 'text/markdown; charset=utf-8', body: () => MARKDOWN },
  { name: 'tides.json', type: 'application/json', body: () => JSON.stringify(DATA) },
  { name: 'curve.svg', type: 'image/svg+xml', body: () => PICTURE },
  { name: 'foghorn.wav', type: 'audio/wav', body: foghorn },
  {
    name: 'tides.csv',
    type: 'text/csv',
    body: () => 'port,high water\nLeith,02:14\nWick,11:31\n',
    isFile: true,
  },
];

/** Two seconds of a low tone: 8-bit mono at 8 kHz, with the head that WAVE files have. */
function foghorn(): Buffer<ArrayBuffer> {
  const rate = 8000;
  const data = Buffer.from(
    Array.from({ length: 2 * rate }, (_, at) => {
      const swell = Math.sin((Math.PI * at) / (2 * rate));
      return 128 + Math.round(90 * swell * Math.sin((2 * Math.PI * 110 * at) / rate));
    }),
  );
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
