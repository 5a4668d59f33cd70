/* On a custom attribute's page: the key follows the label until somebody writes it; only what the type can have is shown. */
(() => {
  const MADE_OF_CHOICES = ["choice", "set"];

  const keyFrom = (label) => {
    const plain = label.replaceAll("ß", "ss").normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    const key = plain.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 40).replace(/_+$/, "");
    return !key || /^[a-z]/.test(key) ? key : `a_${key}`.slice(0, 40);
  };

  const suggest = (label, key) => {
    let own = key.value !== "" && key.value !== keyFrom(label.value);
    key.addEventListener("input", () => (own = key.value !== ""));
    label.addEventListener("input", () => {
      if (!own) key.value = keyFrom(label.value);
    });
  };

  const show = (name, wanted) => {
    const input = document.getElementById(`id_${name}`);
    const row = input?.closest(".field-row, .form-row");
    if (row) row.hidden = !wanted && !input.value;
  };

  window.addEventListener("load", () => {
    const [label, key, type] = ["label", "key", "type"].map((name) => document.getElementById(`id_${name}`));
    if (label && key) suggest(label, key);
    if (!type) return;
    const shape = () => {
      show("choices", MADE_OF_CHOICES.includes(type.value));
      show("unit", type.value === "number");
    };
    type.addEventListener("change", shape);
    shape();
  });
})();
