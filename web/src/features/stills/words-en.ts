/** Drawing on a still, in English. */

export const en = {
  title: "Draw on this picture",
  close: "Done",
  layer: "The picture. Arrow keys move a cross, with Shift farther; Enter sets a place there.",
  tools: "Draw with",
  toolNames: { pen: "Pen", line: "Line", arrow: "Arrow", circle: "Circle", angle: "Angle", text: "Text" },
  hints: {
    pen: "Draw with a finger.",
    line: "Drag from end to end, or tap both ends.",
    arrow: "Drag to where it points, or tap both ends.",
    circle: "Drag from the middle outwards, or tap both places.",
    angle: "Tap one end, then the corner, then the other end.",
    text: "Tap where the text begins.",
  },
  angleNext: ["Tap one end.", "Now tap the corner.", "Now tap the other end. The angle is that of the picture, not of the body."],
  text: "Text",
  write: "Write",
  colors: "Color",
  colorNames: { chalk: "Chalk white", rope: "Rope orange", sky: "Sky blue", moss: "Moss green" },
  undo: "Undo",
  redo: "Redo",
  clear: "Clear all",
  save: "Save picture",
  share: "Share",
  notSaved: "The picture could not be made: this browser does not let the page read the video. Reload the page and try again.",
  missing: "The drawing tools did not load. Check the connection.",
};
