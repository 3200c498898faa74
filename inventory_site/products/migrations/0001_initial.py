import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import inventory_site.products.codes
import uuid
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='products.category', verbose_name='part of')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Location',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64, validators=[inventory_site.products.codes.validate_code], verbose_name='code')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='name')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='products.location', verbose_name='part of')),
            ],
            options={
                'verbose_name': 'location',
                'verbose_name_plural': 'locations',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Manufacturer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
            ],
            options={
                'verbose_name': 'manufacturer',
                'verbose_name_plural': 'manufacturers',
                'ordering': ['name'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), 'gin_trgm_ops'), name='manufacturer_name_trgm')],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='manufacturer_name_unique', violation_error_message='There is a manufacturer of this name already.')],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=64, validators=[inventory_site.products.codes.validate_code], verbose_name='SKU')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('part_number', models.CharField(blank=True, max_length=80, verbose_name='part number')),
                ('description', models.TextField(blank=True, max_length=2000, verbose_name='description')),
                ('reorder_point', models.PositiveIntegerField(default=0, help_text='At or below this quantity the product is low.', verbose_name='minimum')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('search_text', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Upper(django.db.models.functions.text.Concat('sku', models.Value('\n'), 'name', models.Value('\n'), 'part_number')), output_field=models.TextField(), verbose_name='searched text')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('name'), output_field=models.TextField(), verbose_name='sorted name')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='products.category', verbose_name='category')),
                ('manufacturer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='products.manufacturer', verbose_name='manufacturer')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
                'ordering': ['sort_name', 'id'],
            },
        ),
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
        migrations.AddConstraint(
            model_name='category',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), models.F('parent'), name='category_name_unique', nulls_distinct=False, violation_error_message='There is a category of this name there already.'),
        ),
        migrations.AddConstraint(
            model_name='location',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('code'), name='location_code_unique', violation_error_message='There is a location with this code already.'),
        ),
        migrations.AddConstraint(
            model_name='location',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Za-z0-9._-]{1,64}$')), name='location_code_shape'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(models.F('sort_name'), models.F('id'), name='product_by_name'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('search_text', 'gin_trgm_ops'), name='product_search_trgm'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Upper('sku'), name='product_sku_unique', violation_error_message='This SKU already exists.'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('sku__regex', '^[A-Za-z0-9._-]{1,64}$'), models.Q(('sku__iexact', 'new'), _negated=True)), name='product_sku_shape'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='product_has_a_name'),
        ),
    ]
