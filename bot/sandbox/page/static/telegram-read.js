// How far each person has read, place by place.
export const GENERAL = "general";

export class Read {
  constructor() {
    this.last = new Map(); // person/room/topic → the last message seen there
    this.known = new Set(); // people who have been played
  }

  // What others have said in a place since `me` was there.
  fresh(me, room, topic, lines) {
    const last = this.last.get(key(me, room, topic)) ?? Infinity;
    return lines.filter((one) => one.id > last && one.native.from?.id !== me.id);
  }

  mark(me, room, topic, lines) { this.last.set(key(me, room, topic), lines.at(-1)?.id ?? 0); }

  isLast(me, room, topic, message) { return this.last.get(key(me, room, topic)) === message?.id; }

  // Where somebody who is played for the first time has never been, all that is there counts as seen; `places` is
  // [[room, topic, lines], …]. What comes up later is new to them.
  meet(me, places) {
    for (const [room, topic, lines] of places) {
      if (this.last.has(key(me, room, topic))) continue;
      if (this.known.has(me.id)) this.last.set(key(me, room, topic), 0);
      else this.mark(me, room, topic, lines);
    }
    this.known.add(me.id);
  }
}

function key(me, room, topic) { return `${me.id}/${room}/${room === "own" ? GENERAL : topic}`; }
