/** A writer changed the file while it was read: what was read is no answer, and has to be read again. */
export class SnapshotLost extends Error {
  constructor() {
    super('the file was changed while it was read');
    this.name = 'SnapshotLost';
  }
}
