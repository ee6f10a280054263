type Field = { name: string; label: string; value: string | undefined };

/** Narrows a page down by its address: a GET, so that it can be linked and gone back to. */
export function FilterForm({ label, fields, press }: { label: string; fields: Field[]; press: string }) {
  return (
    <search className="mb-4 block">
      <form method="get" aria-label={label} className="flex flex-wrap items-end gap-3">
        {fields.map(({ name, label, value }) => (
          <label key={name} className="text-table">
            <span className="mb-1 block font-semibold">{label}</span>
            <input type="text" name={name} defaultValue={value} maxLength={253} className="control max-w-56" />
          </label>
        ))}
        <button type="submit" className="button">
          {press}
        </button>
      </form>
    </search>
  );
}
