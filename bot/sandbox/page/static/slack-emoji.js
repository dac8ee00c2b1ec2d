// The emoji that have a name in Slack and are of use at a desk; all others are shown by their names.
export const EMOJI = {
  "+1": "👍", "-1": "👎", bell: "🔔", bulb: "💡", bug: "🐛", calendar: "📅", clap: "👏", eyes: "👀", fire: "🔥", heart: "❤️",
  heavy_check_mark: "✔️", hourglass_flowing_sand: "⏳", information_source: "ℹ️", joy: "😂", lock: "🔒", memo: "📝",
  ok_hand: "👌", paperclip: "📎", pray: "🙏", question: "❓", raised_hands: "🙌", rocket: "🚀", smile: "😄", smiley: "😃", sob: "😭",
  sparkles: "✨", star: "⭐", tada: "🎉", thinking_face: "🤔", thumbsup: "👍", thumbsdown: "👎", ticket: "🎫", warning: "⚠️", wave: "👋",
  white_check_mark: "✅", wrench: "🔧", x: "❌", zap: "⚡",
};
export const QUICK = ["eyes", "white_check_mark"];
export const OFFERED = ["+1", "heart", "tada", "pray", "raised_hands", "thinking_face", "joy", "x"];

export function emoji(name) {
  return EMOJI[name.split("::")[0]] ?? `:${name}:`;
}
