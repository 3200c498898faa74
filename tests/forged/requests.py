"""Requests that carry no good token where one belongs."""

from base64 import b64encode

from tests.forged.issuer import Issuer, base64url, compact


def odd_cookies(issuer: Issuer, name: str) -> dict[str, str]:
    """Return whole `Cookie` headers in which no good token stands under the cookie's `name`."""
    good, thief = issuer.good, issuer.good[:-9] + "AAAAAAAAA"
    none = f"{base64url(compact({**issuer.header, 'alg': 'none'}))}.{good.split('.')[1]}."
    octal = "".join(f"\\{ord(letter):03o}" for letter in thief[:60])
    half = len(good) // 2
    return {
        "empty": f"{name}=",
        "no value": name,
        "two forged ones": f"{name}={thief}; {name}={none}",
        "the same twice": f"{name}={thief}; {name}={thief}",
        "a forged one and an empty one": f"{name}={thief}; {name}=",
        "an empty one and a forged one": f"{name}=; {name}={thief}",
        "a hundred": "; ".join([f"{name}=x"] * 100),
        "a forged one in quotes": f'{name}="{thief}"',
        "a forged one in octal": f'{name}="{octal}"',
        "half in quotes": f'{name}="{good}',
        "a good one under another case": f"{name.swapcase()}={good}",
        "a good one under a longer name": f"x{name}={good}; {name}x={good}",
        "a good one under the bare name": f"ts_at_={good}; ts={good}",
        "a good one as the marker": f"{name.removesuffix('at')}fresh={good}",
        "a good one behind a comma": f"theme=dark, {name}={good}",
        "a good one inside another": f'theme="dark; {name}={good[:-1]}',
        "a good one in two halves": f"{name}={good[:half]}; {name}2={good[half:]}",
        "two good ones in one": f"{name}={good},{good}",
        "a good one and a word": f"{name}={good} x",
        "a good one with its name": f"{name}={name}={good}",
        "a good one as a bearer": f"{name}=Bearer {good}",
        "a good one, percent-encoded": f"{name}={good.replace('.', '%2E')}",
        "old attributes": f"$Version=1; {name}={thief}; $Path=/",
    }


def odd_authorizations(issuer: Issuer) -> dict[str, str]:
    """Return whole `Authorization` headers that are no bearer token, most around a good token."""
    good = issuer.good
    basic = b64encode(f"{issuer.claims['sub']}:{good}".encode()).decode()
    return {
        "empty": "",
        "no scheme": good,
        "no token": "Bearer",
        "no token but a space": "Bearer ",
        "basic": f"Basic {basic}",
        "a token as basic": f"Basic {good}",
        "negotiate": "Negotiate YII=",
        "digest": 'Digest username="x", realm="x", nonce="x", uri="/", response="x"',
        "DPoP": f"DPoP {good}",
        "JWT": f"JWT {good}",
        "Token": f"Token {good}",
        "a longer scheme": f"BearerX {good}",
        "a shorter scheme": f"Beare {good}",
        "an accent": f"B\u00e9arer {good}",
        "no space": f"Bearer{good}",
        "a colon": f"Bearer: {good}",
        "an equals sign": f"Bearer={good}",
        "a parameter": f"Bearer token={good}",
        "a parameter after it": f'Bearer {good}, realm="x"',
        "a tab": f"Bearer\t{good}",
        "quotes": f'Bearer "{good}"',
        "brackets": f"Bearer <{good}>",
        "a semicolon": f"Bearer {good};",
        "twice": f"Bearer {good} {good}",
        "two headers in one": f"Bearer {good}, Bearer {good}",
        "two headers in one, tight": f"Bearer {good},Bearer {good}",
        "the scheme twice": f"Bearer Bearer {good}",
        "basic, then a good one": f"Basic {basic}, Bearer {good}",
        "8 KB of spaces": f"Bearer{' ' * 8000}{good[:-1]}",
        "64 KB": f"Bearer {good}{'=' * 65_000}",
    }
