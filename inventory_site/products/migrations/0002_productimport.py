import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProductImport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField(verbose_name='person')),
                ('person_name', models.CharField(max_length=150, verbose_name='name')),
                ('filename', models.CharField(max_length=255, verbose_name='file')),
                ('content', models.BinaryField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('imported_at', models.DateTimeField(editable=False, null=True, verbose_name='imported at')),
                ('findings', models.JSONField(editable=False, null=True)),
                ('report', models.BinaryField()),
                ('default_location', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='products.location', verbose_name='location')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-created_at'],
            },
        ),
    ]
