import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("products", "0003_supplier"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReorderPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="minimum")),
                ("location", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reorder_points", to="products.location", verbose_name="location")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reorder_points", to="products.product", verbose_name="product")),
            ],
            options={
                "verbose_name": "minimum at a location",
                "verbose_name_plural": "minimums at locations",
            },
        ),
        migrations.AddConstraint(
            model_name="reorderpoint",
            constraint=models.UniqueConstraint(
                fields=("product", "location"),
                name="reorder_point_unique",
                violation_error_message="This product has a minimum at this location already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reorderpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)),
                name="reorder_point_positive",
                violation_error_message="A minimum is 1 or more.",
            ),
        ),
    ]
