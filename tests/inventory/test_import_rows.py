"""Reading a CSV file: what is refused, with its line, and every shape that is understood."""

import csv
import io

import pytest

from inventory_site.products.rows import Row, RowReader, UnreadableFile


def rows_of(content: bytes | str) -> list[Row]:
    return list(RowReader(io.BytesIO(content.encode() if isinstance(content, str) else content)))


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "The file is empty."),
    "white space": (b"\n  \n\n", "The file is empty."),
    "only a mark": (b"\xef\xbb\xbf", "The file is empty."),
    "only a header": (b"name,sku\n", "The file has a header line and no rows."),
    "only blank rows": (b"name,sku\n,\n\n", "The file has a header line and no rows."),
    "no name column": (
        b"sku,colour\nA,red\n",
        "no column “name” or “model”; the header line has: sku",
    ),
    "a name twice": (b"name,qty,quantity\nA,1,1\n", "“qty” and “quantity” mean the same"),
    "Latin-1": ("name\nOK\nCafé\n".encode("latin-1"), "Line 3 is not UTF-8 (byte 0xE9)"),
    "far into the file": (b"name\n" + b"ok\n" * 9000 + b"\x80\n", "Line 9002 is not UTF-8"),
    "UTF-16 with a mark": ("name\nA\n".encode("utf-16"), "Line 1 is not UTF-8 (byte 0xFF)"),
    "UTF-16 without": ("name\nA\n".encode("utf-16-le"), "save it as “CSV UTF-8”"),
    "a quote left open": (b'name,description\nA,"no end\nB,\n', "opened in the row at line 2"),
    "a huge cell": (b"name\n" + b"x" * 140_000 + b"\n", "Line 2 has a cell of more than 131,072"),
    "one endless line": (b"name\n" + b"x" * (1 << 20), "Line 2 is longer than a megabyte"),
    "a broken header": (b'"name"s,sku\nA,B\n', "A quotation mark is in the wrong place"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(case: str) -> None:
    content, sentence = UNREADABLE[case]
    with pytest.raises(UnreadableFile) as refusal:
        rows_of(content)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    "number", ["1.5", "-1", "abc", "6.37E+15", "1,000", "1000001", "٣", "9" * 50]
)
def test_a_number_that_is_not_a_whole_one_in_range_is_a_problem_of_its_row(number: str) -> None:
    bad, good = rows_of(f"name;estoque;mínimo\nA;{number};{number}\nB;1000000;7\n")
    assert bad.problem.count("is not a whole number from 0 to 1,000,000") == 2
    assert bad.problem.startswith("estoque: “")
    assert (good.quantity, good.reorder_point, good.problem) == (1_000_000, 7, "")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (",Cisco,,", "A product needs a name"),
        ("x" * 121 + ",,,", "name: a text of 121 characters, where 120 fit."),
        ("A," + "m" * 81 + ",,", "maker: a text of 81 characters, where 80 fit."),
        ("A,,Network > > Switches,", "kind: a name is missing before or after “>”."),
        ("A,," + ">".join("abcdefghi") + ",", "kind: at most 8 categories"),
        ("A\0,,,", "There is a NUL character in this row."),
        ("A,,,,more", "There are 5 cells here, and 4 columns in the header."),
        ("A,B", "There are 2 cells here, and 4 columns in the header."),
        ('"19" rack",,,', "A quotation mark is in the wrong place"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_at_its_line(cells: str, sentence: str) -> None:
    bad, good = rows_of(f"name,maker,kind,qty\n{cells}\nGood,,,\n")
    assert (bad.line, good.line, good.problem) == (2, 3, "")
    assert sentence in bad.problem


def test_rows_swallowed_by_a_misplaced_quotation_mark_are_named() -> None:
    bad, good = rows_of('name,qty\nA,"1\nB,"2"\nC,3\n')
    assert bad.problem.endswith("Everything up to line 3 was skipped.")
    assert (bad.line, good.line, good.name) == (2, 4, "C")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "with a mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_every_usual_shape_of_file_reads_the_same(mark: bytes, end: str, delimiter: str) -> None:
    table = [
        ["name", "qty", "note, a;b"],
        ["Café, 2\nrows; x", "3", "x"],
        [],
        ["", "", ""],
        ["B", "", " "],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(table)
    content = mark + text.getvalue().replace("\n", end).encode()
    reader = RowReader(io.BytesIO(content))
    first, last = reader
    assert (first.line, first.name, first.quantity) == (2, "Café, 2 rows; x", 3)
    assert (last.line, last.name, last.quantity, last.problem) == (6, "B", 0, "")
    assert reader.ignored == ["note, a;b"]
    assert reader.bytes_read == len(content) - len(mark)


def test_columns_go_by_many_names_and_the_others_are_left_out() -> None:
    reader = RowReader(
        io.BytesIO(
            "Modelo;FABRICANTE;Codigo_do Fabricante;categoria;Localização;On-Hand;MIN;Colour;\n"
            "Catalyst  9300;Cisco;C9300; Network >Switches ;a-01;12;3;grey;\n".encode()
        )
    )
    assert list(reader) == [
        Row(
            line=2,
            name="Catalyst 9300",
            manufacturer="Cisco",
            part_number="C9300",
            category=("Network", "Switches"),
            location="a-01",
            quantity=12,
            reorder_point=3,
        )
    ]
    assert reader.ignored == ["Colour"]


def test_a_description_keeps_its_lines() -> None:
    (row,) = rows_of('name,description\nA,"one\n two"\n')
    assert row.description == "one\n two"
