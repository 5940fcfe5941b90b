-- SPDX-License-Identifier: MIT
-- A panel of firms out of an export of annual statements, ready for scripts/papers/company_growth.lua.
--   espalier run scripts/company_panel.lua statements=funda.csv prices=cpi.csv base_year=2015 -o results/firms
--   espalier run scripts/papers/company_growth.lua panel=results/firms/panel.npz only=own
--
-- For those who hold Compustat (it cannot be had without a licence, and nothing of it is here): export North America,
-- Fundamentals Annual, as CSV with the columns gvkey, fyear, at, lt, ni, revt, cogs, xopr, emp, and whatever else is
-- wanted; one format of reporting (indfmt = INDL, datafmt = STD, consol = C), so that a firm has one row a year. Money
-- comes in millions of dollars and employees in thousands: here they become dollars and heads. `prices` is a CSV of
-- year and index, such as the consumer price index; without it values stay as they are.
local esp = require "espalier"

local p = esp.params {
    statements = { default = "", doc = "CSV of annual statements" },
    firm = { default = "gvkey", doc = "its column of firms" },
    year = { default = "fyear", doc = "its column of years" },
    money_unit = { default = 1e6, min = 0, doc = "units of money in one of the file" },
    head_unit = { default = 1e3, min = 0, doc = "employees in one of the file" },
    prices = { default = "", doc = "CSV of year and index" },
    base_year = { default = 2015, doc = "the year in whose money values are given" },
}

-- Names of the statements and ours. Columns that the file lacks are left out, others are dropped.
local names = {
    { "at", "assets" }, { "lt", "liabilities" }, { "ni", "net_income" }, { "revt", "revenue" }, { "cogs", "cost" },
    { "xopr", "operating_expenses" }, { "emp", "employees" }, { "dvt", "dividends" }, { "re", "retained_earnings" },
    { "sale", "sales" }, { "capx", "investment" }, { "ebitda", "earnings" }, { "che", "cash" }, { "dltt", "long_debt" },
    { "xint", "interest" }, { "txt", "taxes" }, { "oancf", "operating_cash_flow" },
}

if p.statements == "" then error("wanted: statements = a CSV of annual statements", 0) end
local statements = esp.load(p.statements, { allow_nan = true })
local there = {}
for _, name in ipairs(statements.columns) do there[name] = true end
if not there.at then error(("%s: has no column 'at' (assets): its columns are %s"):format(p.statements, table.concat(statements.columns, ", ")), 0) end

local columns = { { "firm", statements:column(p.firm) }, { "year", statements:column(p.year) } }
for _, pair in ipairs(names) do
    if there[pair[1]] then
        local unit = pair[1] == "emp" and p.head_unit or p.money_unit
        columns[#columns + 1] = { pair[2], statements:column(pair[1]):as "float64" * unit }
    end
end
local panel = esp.table(columns)
if p.prices ~= "" then
    panel = esp.analyze.deflate {
        panel = panel, prices = esp.load(p.prices), base_year = p.base_year, keep = there.emp and { "employees" } or {},
    }.panel
end
esp.save(esp.output "panel.npz", panel)
print(panel)
return { rows = #panel }
