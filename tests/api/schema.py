"""JSON Schema as far as the API's document uses it: what does not fit a schema, and values that do."""

import string
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]
KNOWN = {  # whatever else a schema says is not looked at here, and so must not be said
    *(
        "$ref",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "anyOf",
        "enum",
        "const",
        "format",
        "pattern",
    ),
    *("minimum", "maximum", "minLength", "maxLength", "maxItems", "maxProperties", "default", "description", "title"),
}
TYPES: dict[str, type] = {"string": str, "object": dict, "array": list, "null": type(None), "boolean": bool}


def misfits(value: Any, schema: Schema, document: Schema, at: str = "$") -> list[str]:
    """Return what of a value does not fit a schema."""
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    if "$ref" in schema:
        return misfits(value, referred(schema, document), document, at)
    if "anyOf" in schema:
        each = [misfits(value, one, document, at) for one in schema["anyOf"]]
        return [] if any(not one for one in each) else [problem for one in each for problem in one]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    if not _is_of(value, schema.get("type")):
        return [f"{at}: {value!r} is no {schema['type']}"]
    if isinstance(value, dict):
        return _object_misfits(value, schema, document, at)
    if isinstance(value, list):
        return [
            each
            for place, one in enumerate(value)
            for each in misfits(one, schema["items"], document, f"{at}[{place}]")
        ]
    return []


def _is_of(value: Any, name: str | None) -> bool:
    if name is None:
        return True
    if name in ("integer", "number"):
        return (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and (name == "number" or isinstance(value, int))
        )
    return isinstance(value, TYPES[name])


def _object_misfits(value: dict[str, Any], schema: Schema, document: Schema, at: str) -> list[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, one in value.items():
        if name in known:
            found += misfits(one, known[name], document, f"{at}.{name}")
        elif isinstance(others, dict):
            found += misfits(one, others, document, f"{at}.{name}")
        elif not others:
            found.append(f"{at}.{name} is not told of")
    return found


def referred(schema: Schema, document: Schema) -> Schema:
    """Return the schema that another one refers to."""
    found: Schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def values(schema: Schema, document: Schema) -> st.SearchStrategy[Any]:
    """Return values that a schema allows, odd ones among them."""
    if "$ref" in schema:
        return values(referred(schema, document), document)
    if "anyOf" in schema:
        return st.one_of(*(values(one, document) for one in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "integer":
            return st.integers(schema.get("minimum", 0), schema.get("maximum", 10)) | st.integers(1, 3)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            return st.lists(values(schema["items"], document), max_size=min(3, schema.get("maxItems", 3)))
        case "object" if "properties" in schema:
            return _objects(schema, document)
        case "object":
            return st.dictionaries(_words({}), values(schema["additionalProperties"], document), max_size=2)
    return _words(schema)


def _words(schema: Schema) -> st.SearchStrategy[Any]:
    if schema.get("format") == "date":
        return st.dates().map(str)
    if "pattern" in schema:
        return st.from_regex(schema["pattern"]).filter(lambda one: len(one) <= schema.get("maxLength", 100))
    plain = st.text(string.ascii_letters + string.digits + " @#-:", max_size=12)
    return (plain | st.text(max_size=20)).filter(lambda one: len(one) >= schema.get("minLength", 0))


def _objects(schema: Schema, document: Schema) -> st.SearchStrategy[Any]:
    needed = set(schema.get("required", ()))
    fields = {name: values(one, document) for name, one in schema["properties"].items()}
    return st.fixed_dictionaries(
        {name: one for name, one in fields.items() if name in needed},
        optional={name: one for name, one in fields.items() if name not in needed},
    )
