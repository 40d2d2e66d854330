// @vitest-environment jsdom
/** What comes by the clipboard: structure stays, clutter goes. The pieces are written as each program writes them. */
import { DOMParser as Reader, type Node } from "prosemirror-model";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { describe, expect, it, vi } from "vitest";
import { checkContent } from "../guard.ts";
import { clean, cleanText } from "../paste/clean.ts";
import { clipboard } from "../plugins/clipboard.ts";
import { schema } from "../schema.ts";

function read(html: string): Node {
  const box = document.createElement("div");
  box.innerHTML = html;
  const doc = Reader.fromSchema(schema).parse(box);
  checkContent(doc);
  return doc;
}

const pasted = (html: string, language = "en-GB"): Node => read(clean(html, language).html);
const marksOf = (node: Node): string => node.marks.map(({ type, attrs }) => (type.name === "language" ? `lang=${String(attrs["lang"])}` : type.name)).join("+");
/** `doc(heading1(Words),paragraph(a strong[b]))` */
function shape(node: Node): string {
  if (node.isText) return node.marks.length ? `${marksOf(node)}[${node.text!}]` : node.text!;
  const level = node.type.name === "heading" ? String(node.attrs["level"]) : "";
  return `${node.type.name}${level}(${node.children.map(shape).join(",")})`;
}

const word = (body: string): string => `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm} --></style></head><body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->${body}<!--EndFragment--></body></html>`;
const bullet = (level: number, text: string, sign = "·"): string =>
  `<p class=MsoListParagraphCxSpMiddle style='margin-left:36pt;text-indent:-18pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span lang=EN-GB style='font-family:Symbol'><span style='mso-list:Ignore'>${sign}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span lang=EN-GB>${text}<o:p></o:p></span></p>`;

describe("from Word", () => {
  it("headings, words and their form stay; styles, empty lines and o:p go", () => {
    const doc = pasted(
      word(
        `<h2><span lang=EN-GB><b>How it works</b><o:p></o:p></span></h2><p class=MsoNormal><span lang=EN-GB style='font-size:11.0pt;font-family:"Calibri",sans-serif'>Recruiters&nbsp; promise <b>work</b> and <i style='mso-bidi-font-style:normal'>papers</i>.<o:p></o:p></span></p><p class=MsoNormal><span><o:p>&nbsp;</o:p></span></p><h4>Fees</h4>`,
      ),
    );
    expect(shape(doc)).toBe("doc(heading1(How it works),paragraph(Recruiters promise ,strong[work], and ,em[papers],.),heading2(Fees))");
  });

  it("list paragraphs become lists, nested and numbered as they were", () => {
    const doc = pasted(word(bullet(1, "one") + bullet(2, "deeper", "o") + bullet(1, "two") + "<p class=MsoNormal>Then</p>" + bullet(1, "third", "3.") + bullet(1, "fourth", "4.")));
    expect(shape(doc)).toBe(
      "doc(bullet_list(list_item(paragraph(one),bullet_list(list_item(paragraph(deeper)))),list_item(paragraph(two))),paragraph(Then),ordered_list(list_item(paragraph(third)),list_item(paragraph(fourth))))",
    );
    expect(doc.child(2).attrs["start"]).toBe(3);
  });

  it("footnotes stand where their numbers stood", () => {
    const doc = pasted(
      word(
        `<p class=MsoNormal>A claim.<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>[1]<![endif]></span></span></a> More.</p><div style='mso-element:footnote-list'><br clear=all><hr align=left size=1 width="33%"><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1" name="_ftn1" title=""><span class=MsoFootnoteReference>[1]</span></a><span lang=EN-US> A <i>source</i>, 2024.</span></p></div></div>`,
      ),
    );
    expect(shape(doc)).toBe("doc(paragraph(A claim.,footnote(A ,em[source],, 2024.), More.))");
  });

  it("tables keep spans, a bold first row becomes their header, a caption above theirs", () => {
    const doc = pasted(
      word(
        `<p class=MsoCaption>Table 1: Fees by country</p><table class=MsoTableGrid border=1><tr><td width=200 style='width:150pt'><p class=MsoNormal><b>Country</b></p></td><td><p class=MsoNormal><b>Fee</b><o:p></o:p></p></td></tr><tr><td colspan=2><p class=MsoNormal>None</p></td></tr></table>`,
      ),
    );
    expect(shape(doc)).toBe(
      "doc(table(table_row(table_header(paragraph(Country)),table_header(paragraph(Fee))),table_row(table_cell(paragraph(None)))))",
    );
    expect(doc.child(0).attrs["caption"]).toBe("Fees by country");
    expect(doc.child(0).child(1).child(0).attrs["colspan"]).toBe(2);
    expect(doc.child(0).child(0).child(1).attrs["scope"]).toBe("col");
  });

  it("tracked changes come accepted, comments and tables of contents not at all, and it is said", () => {
    const { html, comments, struck } = clean(
      word(
        `<p class=MsoToc1>Contents 3</p><p class=MsoNormal>We <del cite="mailto:A" datetime="2026-01-01T00:00"><span>may</span></del><ins cite="mailto:A">must</ins> act<span class=MsoCommentReference><span style='font-size:8pt'><a class=msocomanchor id="_anchor_1" href="#_msocom_1">[A1]</a></span></span>.</p><div style='mso-element:comment-list'><div style='mso-element:comment'><p class=MsoCommentText>Really?</p></div></div>`,
      ),
      "en",
    );
    expect(shape(read(html))).toBe("doc(paragraph(We must act.))");
    expect([comments, struck]).toEqual([1, 1]);
  });

  it("words in another language say so, the section's own say nothing", () => {
    const doc = pasted(word(`<p class=MsoNormal><span lang=EN-US>The </span><i><span lang=FR>traite</span></i><span lang=AR-SA dir=RTL> عمل</span><span lang=X-NONE> x</span></p>`));
    expect(shape(doc)).toBe("doc(paragraph(The ,em+lang=FR[traite],lang=AR-SA[ عمل], x))");
  });

  it("pictures are counted; those that came whole are kept aside", () => {
    const { html, lost, pictures } = clean(word(`<p>a<img src="file:///C:/Temp/image001.png" width=200><img src="data:image/png;base64,AAAA"><img src="https://t.example/p.gif" width=1></p>`), "en");
    expect(html).toBe("<p>a</p>");
    expect([lost, pictures.length]).toEqual([1, 1]);
  });

  it("pictures that nobody sees on the page are not missed; signs that a page draws are words", () => {
    const hidden = `<nav><img src="https://a.example/logo.png"></nav><img aria-hidden="true" src="https://a.example/icon.png"><img style="width:1px; height: 1px" src="https://t.example/p"><img style="display:none" src="data:image/png;base64,AAAA">`;
    const late = `<img src="data:image/gif;base64,R0lGOD" data-src="https://a.example/late.jpg"><noscript><img src="https://a.example/late.jpg"></noscript>`;
    const { html, lost, pictures } = clean(`${hidden}${late}<p>Well<img class="emoji" alt="👍🏽" src="https://a.example/1f44d.svg"></p><p><button><img src="https://a.example/map.jpg" alt="A map 🗺"></button></p>`, "en");
    expect(html).toBe("<p>Well👍🏽</p>");
    expect([lost, pictures]).toEqual([2, []]);
  });
});

describe("from elsewhere", () => {
  it("Google Docs' styles become marks, its wrapper goes, its nested lists nest", () => {
    const doc = pasted(
      `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="font-size:11pt;font-weight:400;">Plain </span><span style="font-weight:700;">bold</span><span style="font-style:italic;vertical-align:super;">up</span></p><ul><li dir="ltr"><p><span>one</span></p></li><ul><li><p><span>deep</span></p></li></ul></ul></b>`,
    );
    expect(shape(doc)).toBe("doc(paragraph(Plain ,strong[bold],em+superscript[up]),bullet_list(list_item(paragraph(one),bullet_list(list_item(paragraph(deep))))))");
  });

  it("an encyclopaedia's notes become notes, its numbers without notes and its chrome go", () => {
    const page = `<nav>Home</nav><h1>Work <span class="mw-editsection">[edit]</span></h1><p>Fact.<sup id="cite_ref-1"><a href="https://e.example/w#cite_note-1">[1]</a></sup> Other.<sup><a href="https://e.example/w#cite_note-9">[9]</a></sup></p><ol class="references"><li id="cite_note-1"><span><a href="https://e.example/w#cite_ref-1">^</a></span> <span>Smith, <a href="https://s.example/">Book</a>.</span></li></ol><script>alert(1)</script>`;
    expect(shape(pasted(page))).toBe("doc(heading1(Work),paragraph(Fact.,footnote(Smith, ,link[Book],.), Other.))");
  });

  it("LibreOffice's and Markdown's notes become notes", () => {
    const office = `<p>Fact<sup><a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></sup></p><div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a> Note.</p></div>`;
    expect(shape(pasted(office))).toBe("doc(paragraph(Fact,footnote(Note.)))");
    const markdown = `<p>Fact<sup id="fnref1"><a href="#fn1">1</a></sup></p><section><ol><li id="fn1"><p>Note. <a href="#fnref1">↩</a></p></li></ol></section>`;
    expect(shape(pasted(markdown))).toBe("doc(paragraph(Fact,footnote(Note.)))");
  });

  it("a table for layout gives its words back, a real one keeps what its headers head", () => {
    expect(shape(pasted(`<table role="presentation"><tr><td><p>a</p></td><td>b</td></tr></table>`))).toBe("doc(paragraph(a),paragraph(b))");
    const doc = pasted(`<table><caption>Table 2. Fees</caption><thead><tr><td>x</td><th>y</th></tr></thead><tbody><tr><th>r</th><td><h3>t</h3><div>u</div></td></tr></tbody></table>`);
    expect(shape(doc)).toBe("doc(table(table_row(table_header(paragraph(x)),table_header(paragraph(y))),table_row(table_header(paragraph(r)),table_cell(paragraph(t),paragraph(u)))))");
    expect(doc.child(0).attrs["caption"]).toBe("Fees");
    expect(doc.child(0).child(1).child(0).attrs["scope"]).toBe("row");
  });

  it("levels of headings close up, double line breaks part paragraphs, code keeps its lines", () => {
    expect(shape(pasted("<h2>A</h2><h5>B</h5><div>one<br><br>two<br>three<br></div><pre>x = 1\n  y</pre>"))).toBe(
      "doc(heading1(A),heading2(B),paragraph(one),paragraph(two,hard_break(),three),paragraph(x = 1,hard_break(),y))",
    );
  });

  it("links keep their address with its text directive, and lose what is no address", () => {
    const doc = pasted(`<p><a href="https://e.example/a%20b#:~:text=fee%2C%20paid">a</a> <a href="javascript:alert(1)">b</a> <a href="https://www.google.com/url?q=https://o.example/%3Fx%3D1&sa=D">c</a></p>`);
    expect(doc.child(0).child(0).marks[0]!.attrs["href"]).toBe("https://e.example/a%20b#:~:text=fee%2C%20paid");
    expect(shape(doc)).toBe("doc(paragraph(link[a], b ,link[c]))");
    expect(doc.child(0).lastChild!.marks[0]!.attrs["href"]).toBe("https://o.example/?x=1");
  });

  it("nothing runs, nothing is loaded, nothing foreign is left in it", () => {
    const { html } = clean(`<p onclick="x()" style="background:url(https://t.example)">a<img src=x onerror=alert(1)><svg onload=alert(1)></svg><iframe src="https://t.example"></iframe></p><style>p{}</style><form><button>Buy</button></form><p hidden>b</p><div style="display: none">c</div>`, "en");
    expect(html).toBe("<p>a</p>");
  });
});

describe("plain text", () => {
  it("becomes paragraphs, and its typed signs lists", () => {
    expect(shape(read(cleanText("Intro\r\n\r\n• one\n• two\nThen\n1. first\n2) second\n- said he\n\nend")))).toBe(
      "doc(paragraph(Intro),bullet_list(list_item(paragraph(one)),list_item(paragraph(two))),paragraph(Then),ordered_list(list_item(paragraph(first)),list_item(paragraph(second))),paragraph(- said he),paragraph(end))",
    );
    expect(shape(read(cleanText("2024. A year\n<b>not bold</b>")))).toBe("doc(paragraph(2024. A year),paragraph(<b>not bold</b>))");
  });
});

describe("a picture file beside the HTML", () => {
  const file = new File([new Uint8Array([1])], "image.png", { type: "image/png" });

  /** What was offered as a figure, and whether the words were put into the text. */
  async function paste(html: string): Promise<{ offered: File[]; text: string }> {
    const offered: File[] = [];
    const told = vi.fn();
    const plugin = clipboard({ language: "en", picture: (picture) => void offered.push(picture), telling: () => Promise.resolve(told) });
    const view = new EditorView(document.createElement("div"), { state: EditorState.create({ schema, plugins: [plugin] }) });
    const data = { files: [file], types: ["text/html", "Files"], getData: (type: string) => (type === "text/html" ? html : "") };
    const handle = plugin.props.handlePaste!;
    expect(handle.call(plugin, view, { clipboardData: data } as unknown as ClipboardEvent, view.state.doc.slice(0))).toBe(true);
    await vi.waitFor(() => expect(offered.length + told.mock.calls.length).toBe(1));
    const text = view.state.doc.textContent;
    view.destroy();
    return { offered, text };
  }

  it("is offered as a figure where a picture is all that was copied", async () => {
    expect(await paste(`<meta charset="utf-8"><img src="https://maps.example/a.png" alt="A map">`)).toEqual({ offered: [file], text: "" });
  });

  it("stays out where it is a photograph of copied cells, or beside words", async () => {
    // The view asks for one, and jsdom has none.
    vi.stubGlobal("ClipboardEvent", Event);
    expect(await paste("<p>1</p>")).toEqual({ offered: [], text: "1" });
    expect(await paste(`<p>Words<img src="https://maps.example/a.png"></p>`)).toEqual({ offered: [], text: "Words" });
    vi.unstubAllGlobals();
  });
});
