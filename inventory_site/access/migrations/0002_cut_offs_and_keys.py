from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CutOff',
            fields=[
                ('name', models.CharField(max_length=260, primary_key=True, serialize=False)),
                ('before', models.FloatField()),
                ('is_erasure', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='PublishedKeys',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('document', models.JSONField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='access_publishedkeys_one_row')],
            },
        ),
        migrations.RunSQL((Path(__file__).parent.parent / "erasure.sql").read_text()),
    ]
