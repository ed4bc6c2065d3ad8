// A scenario of one's own: sent to this machine's server, kept there until it ends, never part of the address.

import { linesOf, Problems, upload } from "./api.js";
import { h } from "./dom.js";
import { field } from "./inputs.js";
import { elsewhere } from "./state.js";

const LARGEST = 1_000_000;

/** @param {Context} context */
export function file({ go }) {
  const faults = h("div", { role: "alert" });
  const open = async (/** @type {File | undefined} */ chosen) => {
    if (!chosen) return;
    faults.replaceChildren();
    try {
      if (chosen.size > LARGEST) throw new Problems([`${chosen.name}: larger than 1 MB; a scenario is a page or two.`]);
      sessionStorage.setItem("file", (await upload(chosen)).id);
      go({ screen: "compare", ...elsewhere("file") });
    } catch (error) {
      const lines = linesOf(error);
      const title = lines.length > 1 ? `${lines.length} things to mend` : "Cannot be opened";
      faults.replaceChildren(h("h2", title), h("ul.faults", lines.map((line) => h("li", line))));
    }
    input.value = "";
  };
  const input = h("input", { type: "file", accept: ".yaml,.yml,.txt", onchange: () => open(input.files?.[0]) });
  const what = ["A scenario in YAML, at most 1 MB; ", h("code", "capsim new scenario mine"), " writes one to start from."];
  const stays = " It stays on this machine, and is forgotten when capsim app ends.";
  const alone = ["It may not name tables or code beside it; for such a file, and for a workbook, start ", h("code", "capsim app mine.xlsx")];
  const text = [h("h1", "Open my file"), h("p", what, stays), h("p.note", alone, " in a terminal.")];
  return { element: h("div.file", text, field("Scenario file", input), faults) };
}
