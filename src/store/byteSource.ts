/** What is known of a file without reading it. */
export interface FileFacts {
  readonly size: number;
  /** Which file it is: one that is put in its place has another. */
  readonly identity: string;
  /** Equal as long as nothing was written to it, as far as the file system's clock can tell. */
  readonly version: string;
}

/** Bytes that are read a part at a time. Every method may throw a TraceError that names the file. */
export interface ByteSource {
  /** Of the file that has the name now; undefined where there is none. */
  facts(): FileFacts | undefined;
  /**
   * Fills `into` from a position on. Returns how many bytes there were: fewer only at the end, none of a file
   * that has gone since its facts were asked for, as a writer's journal does with each commit.
   */
  read(into: Uint8Array, position: number): number;
  /** Lets go of what is held open until the next `read`. */
  release(): void;
}

/** A database and the files that SQLite keeps beside it. */
export interface FileSet {
  readonly main: ByteSource;
  readonly wal: ByteSource;
  readonly journal: ByteSource;
  readonly shm: ByteSource;
  /** Whether a file beside the database exists; undefined for a path that leads elsewhere. */
  beside(path: string): boolean | undefined;
}

/** Bytes in memory as a source; undefined stands for a file that is not there. */
export function memorySource(bytes: () => Uint8Array | undefined): ByteSource {
  let known: Uint8Array | undefined;
  let version = 0;
  return {
    facts() {
      const now = bytes();
      if (now !== known) version++;
      known = now;
      return now && { size: now.length, identity: 'memory', version: String(version) };
    },
    read(into, position) {
      const part = bytes()?.subarray(position, position + into.length);
      if (part) into.set(part);
      return part?.length ?? 0;
    },
    release: () => undefined,
  };
}
