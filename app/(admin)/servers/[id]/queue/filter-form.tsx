type Field = { name: string; label: string; value: string | undefined; options?: { value: string; label: string }[] };

/** Narrows a page down by its address: a GET, so that it can be linked and gone back to. `all`: the choice that narrows nothing. */
export function FilterForm(o: { label: string; fields: Field[]; press: string; all?: string }) {
  return (
    <search className="mb-4 block">
      <form method="get" aria-label={o.label} className="flex flex-wrap items-end gap-3">
        {o.fields.map(({ name, label, value, options }) => (
          <div key={name} className="text-table max-sm:w-full">
            <label htmlFor={`filter-${name}`} className="mb-1 block font-semibold">
              {label}
            </label>
            {options ? (
              <select id={`filter-${name}`} name={name} defaultValue={value ?? ""} className="control sm:min-w-44">
                <option value="">{o.all}</option>
                {options.map((option) => (
                  <option key={option.value} value={option.value}>
                    {option.label}
                  </option>
                ))}
              </select>
            ) : (
              <input
                {...{ type: "text", id: `filter-${name}`, name, maxLength: 253 }}
                defaultValue={value}
                className="control sm:max-w-56"
              />
            )}
          </div>
        ))}
        <button type="submit" className="button">
          {o.press}
        </button>
      </form>
    </search>
  );
}
