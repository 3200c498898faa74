from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_cut_offs_and_keys'),
        ('api', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "erasure.sql").read_text()),
    ]
