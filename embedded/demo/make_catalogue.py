"""Makes catalogue.csv and locations.csv from a list of real equipment (README.md: its origin).

    python -m embedded.demo.make_catalogue device_types.csv

The answer depends on the source alone: categories come from rules over what the source says,
quantities from a hash of each row.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "manufacturer",
    "model",
    "part_number",
    "category",
    "description",
    "location",
    "quantity",
    "reorder_point",
)

# (kind of row or "" for both, pattern over "manufacturer model part-number", category); the first
# that matches decides.
_RULES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE), category)
    for kind, pattern, category in (
        ("", r"\b(vented )?blanking|cable-management-panel|rack tray|\bRM-DUAL|rack mount kit"
             r"|^Middle Atlantic|-shelf\b", "Rack and cabling > Rack accessories"),
        ("", r"patch panel|fiber (adapter|enclosure)|rack mount fiber|wallmount fiber|opticom"
             r"|fibermodul|^(Panduit|Leviton|Corning|Solid Optics|Colable|TrendNet TC-)"
             r"|^FS F[A-Z]{2}-|MPO Modul", "Rack and cabling > Patch panels and fibre"),
        ("module-type", r"\bfan\b|-FAN|^\S+ FAN|\bFAN", "Parts > Fans"),
        ("module-type", r"PWR|PSU|power supply|\bPS-|\bPAC|PDC|-PS\b|NC55-\d+W|\bPEM|DPS[T]?-"
                        r"|\d{3,4}W[AD]C|SPS-|YM-2\d|CRPS|PWS-|-PWS|\bP[SA]U?-?\d{3}",
         "Parts > Power supplies"),
        ("module-type", r"UCS|N2XX|^(Dell|Intel|Lenovo|Broadcom|Qlogic|Emulex|Supermicro|NetApp"
                        r"|DataDirect|IBM|Thales)|RAID|PCIE|bladesystem|^HPE \d{6}-",
         "Parts > Server parts"),
        ("module-type", r"", "Parts > Network modules"),
        ("", r"^(APC SM|APC SU|APC Smart-UPS|Riello S|CyberPower (OR|CP1)|Eaton \d+P)|\bUPS\b|EBM"
             r"|RMXL|^Eaton Tripp Lite SMART|^APC (BR|BX|SRT)", "Power > UPS"),
        ("", r"PDU|^(APC AP[4789]|Raritan PX|Server Technology|CyberPower (CPS|PDU)|Avocent PM"
             r"|Zonit|Delta PD|Eaton (EMA|ESWB|PDU)|WTI (REM|VMR|NPS|RSM)|Certa"
             r"|Digital Loggers)|transfer switch", "Power > PDUs and transfer switches"),
        ("", r"^(Opengear|WTI|Avocent|Vertiv|Digi|ZPE|Raritan)|console|KVM|B0(64|51)|Netdirector",
         "Console and KVM"),
        ("", r"^Rockwell|^Neousys", "Industrial control"),
        ("", r"FortiGate|FPR\d|firewall|\bASA\b|ASA5|^(SonicWall|Palo Alto|Check Point|Sophos"
             r"|WatchGuard|Deciso|Barracuda|Netgate|CryptoPro|Infotecs|Factor-TS|Rohde"
             r"|Fortinet FG)|\bSRX|SSG-?\d|Meraki MX|USG ?\d|Firebox", "Network > Firewalls"),
        ("", r"FortiAP|access point|aironet|AIR-|\bAP[ -]?\d|Meraki MR|wireless|\bU6|UAP|UniFi AP"
             r"|AC Mesh|NanoStation|LiteBeam|Rocket|Bullet|airFiber|PowerBeam|NanoBeam|LiteAP"
             r"|^Mimosa|WAX\d|R350|^LANCOM (LN|OAP|IAP|WLC|L-)|^Datto AP|EWS360|[bc]AP\b|wAP\b"
             r"|LHG|SXT|^Ruckus R", "Network > Wireless"),
        ("", r"synology|qnap|powervault|NetApp|DataDirect|^Datto (D|S)\d|storage|ME40|isilon"
             r"|equallogic|compellent|MSA ?\d|3PAR|nimble", "Servers and storage > Storage"),
        ("", r"poweredge|proliant|thinksystem|primergy|superserver|bladesystem|bladecenter|eserver"
             r"|system x|UCS|^(Supermicro|Inspur|Intel|QCT|Raspberry|PC Engines|Nvidia|IBM|Apple"
             r"|Qotom|Lenovo|Fujitsu)|2288H|apollo|optiplex|synergy",
         "Servers and storage > Servers"),
        ("", r"fortiswitch|switch|catalyst|nexus|\bWS-C|\bSG\d{3}|\bSF\d{3}|DCS-|\bEX\d|QFX|\bICX"
             r"|Meraki MS|procurve|aruba (2|3|4|5|6|8|C)|\bS\d{4}|CRS\d|CSS\d|SWX|\bx\d{3}|GS\d{3}"
             r"|OS6\d|\bIE-?\d|N\dK|^(Arista|Brocade|Mellanox|Datacom|QTECH|Edgecore|Pluribus"
             r"|3Com|D-Link|Netonix|Ruckus ICX|Extreme Networks (X|VSP|5)|Eltex MES|Huawei CE"
             r"|TP-Link (T\d|TL-S)|TrendNet|Netgear|Zyxel (GS|XG)|Allied Telesis"
             r"|YAMAHA SW|Datto DSW|EnGenius|LANCOM (GS|XS)|HPE Flex|HPE Flexfabric)|\b9[23]\d\d"
             r"|\bC9\d{3}|FlexNetwork|CBS\d|C1[03]00|SLX|C2960|C3\d{3}", "Network > Switches"),
        ("", r"router|\bISR|\bASR|\bMX\d|\bRB\d|CCR\d|\bACX|\b(C|CISCO)?[1-8][0-9]{2,3}(VXR)?\b"
             r"|NCS|IXR|\bSAS|RTX|NE40|VPN|C8\d{3}|hEX|\bAR\d|UNIVERGE|NetVanta|ETX|FSP|RUT\d"
             r"|^(LANCOM|Nokia|ADVA|Ciena|FireBrick|Peplink|AVM|ActionTec|Albis|Ericsson"
             r"|MikroTik|Juniper|YAMAHA)", "Network > Routers"),
        ("", r"BIG-IP|^(A10|Citrix|Infoblox|Riverbed|Ivanti)|ADC", "Network > Appliances"),
    )
)  # fmt: skip


def category(row: dict[str, str]) -> str:
    """Return the category path a storeroom would look in."""
    text = " ".join((row["manufacturer"], row["model"], row["part_number"]))
    for kind, pattern, path in _RULES:
        if kind in {"", row["kind"]} and pattern.search(text):
            return path
    height = float(row["u_height"] or 0)
    if height == 0:
        return "Other equipment > Desktop and wall"
    return "Other equipment > 1U" if height <= 1 else "Other equipment > 2U and more"


def locations() -> Iterator[tuple[str, str, str]]:
    """Yield every location as code, name and the code it is part of."""
    yield "MAIN", "Main storeroom", ""
    for aisle in "ABCD":
        yield aisle, f"Aisle {aisle}", "MAIN"
        for shelf in range(1, 9):
            yield f"{aisle}-{shelf:02}", f"Aisle {aisle}, shelf {shelf}", aisle
    yield "CAGE", "Locked cage", "MAIN"
    yield "BRANCH", "Branch office", ""
    for shelf in range(1, 6):
        yield f"BRANCH-{shelf:02}", f"Branch office, shelf {shelf}", "BRANCH"


def opening(row: dict[str, str], path: str, shelves: list[str]) -> tuple[str, int, int]:
    """Return location, opening quantity and reorder point, always the same for the same row.

    About 6 in 100 products are out of stock and 10 are low; parts are many, whole machines few.
    """
    text = "\0".join((row["kind"], row["manufacturer"], row["model"], row["part_number"]))
    digest = hashlib.sha256(text.encode()).digest()
    fate, spread, least, shelf = (int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4))
    small = path.startswith(("Parts >", "Rack and cabling >"))
    reorder_point = 2 + least % (10 if small else 5)
    if fate % 100 < 6:
        quantity = 0
    elif fate % 100 < 16:
        quantity = 1 + spread % reorder_point
    else:
        quantity = reorder_point + 1 + spread % (180 if small else 60 - reorder_point)
    return shelves[shelf % len(shelves)], quantity, reorder_point


def description(row: dict[str, str]) -> str:
    """Return what the source knows beyond the names."""
    parts = []
    if row["u_height"] and float(row["u_height"]):
        parts.append(f"{float(row['u_height']):g} U")
    if row["weight"]:
        parts.append(f"{float(row['weight']):g} kg")
    return ", ".join(parts)


def main(source: Path) -> None:
    """Write both files beside this one."""
    with (HERE / "locations.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "parent"))
        writer.writerows(locations())
    shelves = [code for code, _, _ in locations() if "-" in code or code == "CAGE"]
    with (
        source.open(newline="", encoding="utf-8") as rows,
        (HERE / "catalogue.csv").open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in csv.DictReader(rows):
            path = category(row)
            names = (row["manufacturer"], row["model"], row["part_number"])
            writer.writerow((*names, path, description(row), *opening(row, path, shelves)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
